package import FlowmancerHistory
import FlowmancerSystem
package import FoundationEssentials
import Glibc

extension OpenRun {
    /// What a page tells of the run, with the last lines of the logs of the first tasks that failed.
    package func report(madeAt time: Date) -> RunReport {
        var excerpts: [Int: LogExcerpt] = [:]
        let failed = digest.nodes.indices.lazy.filter { digest.isTold($0) && digest.tasks[$0].state == .failed }
        for task in failed.prefix(Self.shownLogs) { excerpts[task] = excerpt(of: digest.nodes[task].name) }
        return RunReport(run, digest, problems: problems, excerpts: excerpts, madeAt: time)
    }

    private static let shownLogs = 20
    private static let shownBytes = 32_768
    private static let shownLines = 100

    /// The end of a task's log; `nil` if there is none any more.
    private func excerpt(of task: String) -> LogExcerpt? {
        for path in run.record.logPaths(of: task) {
            guard let file = try? OwnedDescriptor(path, O_RDONLY | O_NONBLOCK), let status = try? file.status(),
                status.st_mode & S_IFMT == S_IFREG
            else { continue }
            let length = Int(status.st_size)
            let start = max(0, length - Self.shownBytes)
            var lines = file.read(from: start, length - start).split(separator: UInt8(ascii: "\n"))
            // The first one began before.
            if start > 0, lines.count > 1 { lines.removeFirst() }
            let shown = lines.suffix(Self.shownLines).map { String(decoding: $0, as: UTF8.self) }
            return LogExcerpt(path: path, lines: shown, isCut: start > 0 || shown.count < lines.count)
        }
        return nil
    }
}
