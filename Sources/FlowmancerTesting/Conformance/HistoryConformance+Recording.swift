import Flowmancer
import FoundationEssentials

extension HistoryConformance {
    /// The rules about what is recorded and read back.
    var recordingRules: [ConformanceRule] {
        [
            ConformanceRule("what is known of a run is read back, whatever is in it") {
                let (record, recorder) = try await begin("conformance \u{1F600}/..%\n", Self.fill)
                let found = try await run(record)
                try ConformanceRule.require(found.record == record, "\(found.record) is found instead of \(record)")
                try await end(record, recorder, after: 0)
                try await clear(record.jobName)
            },
            ConformanceRule("the tasks of a run are read back") {
                let tasks = (0..<2_000).map { number in
                    RecordedTask(
                        name: "task \(number) \u{1F600}\"",
                        type: "T",
                        dependencies: number > 0 ? [number - 1] : [],
                        container: number % 7 == 3 ? 0 : nil,
                        form: number == 0 ? .job : number == 1 ? .itemJobs : .task,
                        parameters: number % 2 == 0 ? JSONText(rawValue: #"{"x":"ü"}"#) : nil
                    )
                }
                let shape = RunShape(tasks: tasks, nodes: tasks.map(\.name) + ["more[1]"])
                let (record, recorder) = try await begin("conformance", shape: shape)
                let found = try await reader(of: record).shape()
                try ConformanceRule.require(found == shape, "others are found")
                try await end(record, recorder, after: 0)
                try await clear("conformance")
            },
            ConformanceRule("events are read back, whatever is in them") {
                let (record, recorder) = try await begin("conformance")
                let events = RunSamples.awkwardEvents(since: record.startedAt)
                try await recorder.append(events)
                let found = try await self.events(reader(of: record))
                for (expected, event) in zip(events, found) where expected != event {
                    throw ConformanceRule.Finding(
                        "\(event.json.rawValue) is found instead of \(expected.json.rawValue)"
                    )
                }
                try ConformanceRule.require(found.count == events.count, "\(found.count) of \(events.count) are found")
                try await recorder.close()
                try await clear("conformance")
            },
            ConformanceRule("a run is under way until its end, and has that from then on") {
                let (record, recorder) = try await begin("conformance")
                try await expect(.underWay, of: record, "after its beginning")
                try await recorder.append(RunSamples.events(1...10, since: record.startedAt))
                try await expect(.underWay, of: record, "while events are recorded")
                let end = RunConclusion(state: .aborted, counts: [.aborted: 2], reason: "enough")
                let event = RecordedEvent(number: 11, time: record.startedAt.addingTimeInterval(5), end)
                try await recorder.append([event])
                try await expect(.aborted, of: record, "after its end")
                try await recorder.close()
                let found = try await run(record)
                try ConformanceRule.require(found.end == event, "its end is \(String(describing: found.end))")
                try await clear("conformance")
            },
            ConformanceRule("a run without an end whose process is gone is interrupted") {
                let (record, recorder) = try await begin("conformance") { $0.process?.startTicks -= 1 }
                try await recorder.append(RunSamples.events(1...3))
                try await recorder.close()
                try await expect(.interrupted, of: record, "with a process that is gone")
                try await clear("conformance")
            },
            ConformanceRule("runs that are recorded at the same time do not disturb each other") {
                try await checkConcurrency()
            },
        ]
    }

    private static func fill(_ record: inout RunRecord) {
        let text = "\u{0}\u{1B}[1m \\\"'\n\u{2028}\u{1F600}"
        record.jobFile = "/" + text
        record.program = text
        record.programVersion = "1"
        record.flowmancerVersion = text
        record.directory = text
        record.isRestart = true
        record.continuedRun = RunID()
        record.resumeCommand = text
        record.logDirectories = [text, "/logs"]
    }

    private func expect(_ state: RunState, of record: RunRecord, _ moment: String) async throws {
        let found = try await run(record).state
        try ConformanceRule.require(found == state, "\(moment), it is '\(found)' instead of '\(state)'")
        let read = try await reader(of: record).run().state
        try ConformanceRule.require(read == state, "\(moment), its reader says '\(read)' instead of '\(state)'")
    }

    private func checkConcurrency() async throws {
        try await withThrowingTaskGroup { group in
            for job in 0..<6 {
                group.addTask {
                    let (record, recorder) = try await begin("conformance-\(job % 2)")
                    let events = RunSamples.events(1...200, since: record.startedAt)
                    for start in stride(from: 0, to: events.count, by: 20) {
                        try await recorder.append(Array(events[start..<start + 20]))
                    }
                    let found = try await self.events(reader(of: record))
                    try ConformanceRule.require(found == events, "of 200 events, \(found.count) are found, or others")
                    try await end(record, recorder, after: 200)
                }
            }
            try await group.waitForAll()
        }
        for job in ["conformance-0", "conformance-1"] {
            let count = try await runs(of: job).count
            try ConformanceRule.require(count == 3, "of 3 runs, \(count) are found")
            try await clear(job)
        }
    }
}
