import Flowmancer
import FlowmancerSystem
import FoundationEssentials

/// Runs for the examination of histories.
enum RunSamples {
    static let shape = RunShape(tasks: [
        RecordedTask(name: "a", type: "Fetch"), RecordedTask(name: "b", type: "Report", dependencies: [0]),
    ])

    /// A run of this process that begins now.
    static func record(of job: String) -> RunRecord {
        RunRecord(
            id: RunID(),
            jobName: job,
            hostName: ProcessInfo.processInfo.hostName,
            process: .current,
            startedAt: Date(microsecondsSince1970: Date().microsecondsSince1970)
        )
    }

    /// Events that do not end the run.
    static func events(_ numbers: ClosedRange<Int>, since start: Date = Date()) -> [RecordedEvent] {
        numbers.map { number in
            let isBeginning = number % 2 == 1
            let change = StateChange(
                task: "task-\(number / 2)",
                attempt: 1,
                from: isBeginning ? .pending : .running,
                to: isBeginning ? .running : .completed
            )
            return RecordedEvent(number: number, time: start.addingTimeInterval(Double(number) / 1_000), change)
        }
    }

    /// Events with everything that an event can hold.
    static func awkwardEvents(since start: Date) -> [RecordedEvent] {
        var number = 0
        func next() -> Int {
            number += 1
            return number
        }
        var events = AwkwardContents.names.map { name in
            let failure = AttemptFailure(reason: name, lastLines: AwkwardContents.names)
            let change = StateChange(
                task: name,
                attempt: 7,
                from: .running,
                to: .failed,
                reason: name,
                isAllowedFailure: true,
                failure: failure,
                machine: name
            )
            return RecordedEvent(number: next(), time: start, change)
        }
        let number1 = JSONText(rawValue: "1234567890123456789012345678901234567890.1000")
        let large = JSONText(rawValue: AwkwardContents.large)
        let publication = Publication(
            task: "a",
            values: ["z": number1, "large": large, "": JSONText(rawValue: "null")]
        )
        events.append(RecordedEvent(number: next(), time: start, publication))
        let expansion = Expansion(group: "load", nodes: AwkwardContents.names)
        events.append(RecordedEvent(number: next(), time: start, expansion))
        let future = #"{"n":\#(next()),"at":\#(start.microsecondsSince1970),"weather":"fine","x":[1.50]}"#
        if let event = RecordedEvent(json: JSONText(rawValue: future)) { events.append(event) }
        let end = RunConclusion(
            state: .failed,
            counts: [.failed: 3, .completed: 1],
            allowedFailures: 1,
            reason: "\u{1B}\n"
        )
        events.append(RecordedEvent(number: next(), time: start, end))
        return events
    }
}
