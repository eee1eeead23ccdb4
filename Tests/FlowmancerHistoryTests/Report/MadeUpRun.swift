import FlowmancerCore
import Foundation
import OrderedCollections

@testable import FlowmancerHistory

/// A run that a test makes up, event by event.
struct MadeUpRun {
    static let start = Date(timeIntervalSince1970: 1_764_547_200)

    var record = RunRecord(id: RunID(), jobName: "primes", startedAt: start)
    var shape = RunShape()
    var life = ProcessLife.gone
    private(set) var events: [RecordedEvent] = []
    private var states: [String: ExecutionState] = [:]

    init(_ tasks: [RecordedTask] = [], nodes: [String] = []) {
        shape = RunShape(tasks: tasks, nodes: nodes)
    }

    private func time(_ seconds: Double) -> Date { Self.start.addingTimeInterval(seconds) }

    mutating func change(
        _ task: String,
        to state: ExecutionState,
        at seconds: Double,
        attempt: Int = 1,
        reason: String? = nil,
        isAllowed: Bool = false,
        failure: AttemptFailure? = nil
    ) {
        let change = StateChange(
            task: task,
            attempt: attempt,
            from: states[task] ?? .pending,
            to: state,
            reason: reason,
            isAllowedFailure: isAllowed,
            failure: failure
        )
        states[task] = state
        events.append(RecordedEvent(number: events.count + 1, time: time(seconds), change))
    }

    /// An attempt with its end.
    mutating func attempt(
        _ task: String,
        _ times: ClosedRange<Double>,
        number: Int = 1,
        end state: ExecutionState = .completed,
        failure: AttemptFailure? = nil
    ) {
        change(task, to: .running, at: times.lowerBound, attempt: number)
        change(task, to: state, at: times.upperBound, attempt: number, failure: failure)
    }

    mutating func publish(_ task: String, _ values: OrderedDictionary<String, JSONText>, at seconds: Double) {
        let publication = Publication(task: task, values: values)
        events.append(RecordedEvent(number: events.count + 1, time: time(seconds), publication))
    }

    mutating func expand(_ group: String, _ nodes: [String], at seconds: Double) {
        events.append(
            RecordedEvent(number: events.count + 1, time: time(seconds), Expansion(group: group, nodes: nodes))
        )
    }

    mutating func end(_ state: RunState, at seconds: Double, reason: String? = nil) {
        let end = RunConclusion(state: state, reason: reason)
        events.append(RecordedEvent(number: events.count + 1, time: time(seconds), end))
    }

    func report(
        problems: [HistoryProblem] = [],
        excerpts: [Int: LogExcerpt] = [:],
        madeAfter seconds: Double = 3_600
    ) -> RunReport {
        var digest = RunDigest(shape)
        for event in events { digest.apply(event) }
        return RunReport(
            KeptRun(record, end: events.last { $0.conclusion != nil }, life: life),
            digest,
            problems: problems,
            excerpts: excerpts,
            madeAt: time(seconds)
        )
    }

    func page() -> String { String(decoding: report().html, as: UTF8.self) }
}

extension MadeUpRun {
    /// A run of so many tasks in layers, each of which waits for two of the layer before.
    static func layers(of width: Int, count: Int) -> MadeUpRun {
        let names = (0..<count).map { "task-\($0)" }
        var run = MadeUpRun(
            names.indices.map { number in
                let above = number - width
                let needs = above < 0 ? [] : [above, above / width * width + (above + 1) % width]
                return RecordedTask(
                    name: names[number],
                    type: "Shell",
                    dependencies: needs,
                    parameters: JSONText(rawValue: "{\"command\":\"./work --part \(number)\"}")
                )
            }
        )
        for (number, name) in names.enumerated() {
            let begin = Double(number / width) * 0.05 + Double(number % width) * 0.0003
            run.attempt(name, begin...begin + 0.04)
        }
        run.end(.succeeded, at: Double(count / width) * 0.05 + 0.1)
        return run
    }
}
