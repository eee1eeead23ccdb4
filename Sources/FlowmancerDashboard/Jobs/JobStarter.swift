import Flowmancer
import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials
import SystemPackage

/// Starts jobs, each as a process of its own, which needs the server no more.
struct JobStarter: Sendable {
    let jobs: JobDirectory
    let histories: Histories
    /// Where relative paths of the jobs start.
    let appRoot: String

    /// How long a run may take until it is on record.
    private static let patience = Duration.seconds(20)
    private static let interval = Duration.milliseconds(20)
    /// Of what a process said that ended before its run began, so much is told.
    private static let toldBytes = 8_192

    /// Starts a job.
    ///
    /// - Returns: The id of its run; `nil` if the job keeps no history, or needs long.
    /// - Throws: ``Problem`` if the job has errors, or its run cannot begin.
    func start(_ entry: JobDirectory.Entry, _ request: StartRequest) async throws -> RunID? {
        guard !entry.hasErrors else {
            throw Problem(
                .unprocessableContent,
                "the job file \(entry.file.printable) has errors",
                issues: entry.issues
            )
        }
        let begin = Date()
        let output: OwnedDescriptor
        let process: Int32
        do throws(Errno) {
            output = try StartOutputs(appRoot: appRoot).make(for: entry.file)
            let arguments = ["run", "--jobdef=\(jobs.path(of: entry))", "--app-root=\(appRoot)"] + request.arguments
            process = try OwnProgram.start(arguments, in: appRoot, output: output)
        } catch {
            throw Problem(.serviceUnavailable, "a process for the job cannot be started now: \(error)")
        }
        let ending = Ending()
        Task { await ending.set(OwnProgram.end(of: process)) }
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            // Asked first: a run that is short is on record before its process ends.
            let isOver = await ending.isOver
            // Clocks are set back, a little.
            let run = try await histories.run(of: process, since: begin.addingTimeInterval(-1))
            if let run { return run.record.id }
            if isOver { return try await notBegun(await ending.end, output) }
            try await Task.sleep(for: Self.interval)
        }
        return nil
    }

    private actor Ending {
        private(set) var isOver = false
        private(set) var end: ProcessEnd?

        func set(_ end: ProcessEnd?) { (isOver, self.end) = (true, end) }
    }

    /// Says why a process ended whose run is not on record.
    private func notBegun(_ end: ProcessEnd?, _ output: OwnedDescriptor) async throws -> RunID? {
        guard end != .exited(code: 0) else { return nil }
        let size = (try? output.status()).map { Int($0.st_size) } ?? 0
        let start = max(0, size - Self.toldBytes)
        let text = String(decoding: output.read(from: start, size - start), as: UTF8.self).printableLines
        let how = end.map { "it \($0)" } ?? "it ended"
        throw Problem(.unprocessableContent, "the run did not begin: \(how)\(text.isEmpty ? "" : "\n\(text)")")
    }
}
