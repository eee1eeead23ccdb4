import Flowmancer
import Foundation

/// Writes, at the end of a run, how many tasks are in which state, and how to continue.
actor StateReport: FlowExtension {
    @Parameter("The file to write.") var target = "states.txt"
    private var states: [String: ExecutionState] = [:]

    func update(_ event: ExecutionEvent) async throws {
        states[event.taskName] = event.to
    }

    func onSuccess() async throws { try write() }

    func onFailure() async throws { try write(advice: runInfo.resumeCommand) }

    func onAbort() async throws { try write(advice: runInfo.resumeCommand) }

    private func write(advice: String? = nil) throws {
        let info = runInfo
        let seconds = Int(Date().timeIntervalSince(info.startedAt))
        let counts = Dictionary(grouping: states.values, by: { $0 }).mapValues(\.count)

        var lines = ["\(info.job.configuration.name) on \(info.hostName), \(seconds) s"]
        for state in ExecutionState.allCases {
            if let count = counts[state] { lines.append("\(count) of \(info.job.tasks.count) \(state)") }
        }
        if let advice { lines.append("continue with: \(advice)") }
        try lines.map { $0 + "\n" }.joined().write(toFile: target, atomically: true, encoding: .utf8)
    }
}
