package import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials

/// A run of two tasks, of which one is retried.
package struct SampleRun {
    package var record: RunRecord
    package let shape = RunShape(tasks: [
        RecordedTask(name: "a", type: "Fetch", parameters: JSONText(rawValue: #"{"url":"https://example.org"}"#)),
        RecordedTask(name: "b", type: "Report", dependencies: [0]),
    ])
    package let events: [RecordedEvent]

    package init() {
        record = RunRecord(
            id: RunID(),
            jobName: "sample",
            jobFile: "/srv/job.yaml",
            hostName: ProcessInfo.processInfo.hostName,
            process: .current,
            startedAt: Date(),
            logDirectories: ["/srv/logs/1"]
        )
        let start = record.startedAt
        func change(_ number: Int, _ task: String, _ attempt: Int, _ from: ExecutionState, _ to: ExecutionState)
            -> RecordedEvent
        {
            let failure =
                from == .running && to != .completed ? AttemptFailure(reason: "exit code 1", lastLines: ["no\n"]) : nil
            let change = StateChange(task: task, attempt: attempt, from: from, to: to, failure: failure)
            return RecordedEvent(number: number, time: start.addingTimeInterval(Double(number)), change)
        }
        events = [
            change(1, "a", 1, .pending, .running),
            change(2, "a", 1, .running, .pending),
            change(3, "a", 2, .pending, .running),
            RecordedEvent(
                number: 4,
                time: start.addingTimeInterval(4),
                Publication(task: "a", values: ["rows": JSONText(rawValue: "12345678901234567890.10")])
            ),
            change(5, "a", 2, .running, .completed),
            change(6, "b", 1, .pending, .running),
            change(7, "b", 1, .running, .completed),
            RecordedEvent(
                number: 8,
                time: start.addingTimeInterval(8),
                RunConclusion(state: .succeeded, counts: [.completed: 2])
            ),
        ]
    }

    /// Stores the beginning of the run and its first events, and lets go of it.
    package func store(in history: some FlowHistory, upTo count: Int) async throws {
        let recorder = try await history.beginRun(record, shape)
        if count > 0 { try await recorder?.append(Array(events.prefix(count))) }
        try await recorder?.close()
    }
}
