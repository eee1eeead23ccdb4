import Flowmancer
import Foundation

/// Writes down the last lines of every attempt that failed.
actor LastWords: FlowExtension, FlowLogger {
    @Parameter("How many lines are kept of an attempt.") var lines = 5
    @Parameter("The file to write.") var target = "last-words.txt"
    private var kept: [String: [String]] = [:]
    private var report = ""

    func update(_ event: TaskLogEvent) async throws {
        guard event.kind == .line else { return }
        kept[event.taskName] = ((kept[event.taskName] ?? []) + [event.message]).suffix(lines)
    }

    func update(_ event: ExecutionEvent) async throws {
        guard event.from == .running, let lines = kept.removeValue(forKey: event.taskName) else { return }
        guard event.to == .failed || event.to == .pending else { return }
        report += "\(event.taskName), attempt \(event.attempt):\n" + lines.map { "  \($0)\n" }.joined()
    }

    func onDestroy() async throws {
        try report.write(toFile: target, atomically: true, encoding: .utf8)
    }
}
