package import FlowmancerCore
package import FlowmancerTerminal
import FoundationEssentials

/// A run as extensions see it.
package struct FakeRun {
    package var model = ProgressModel()
    package var told: [String] = []
    private var narrator = ProgressNarrator(renderer: ProgressRenderer(style: .plain))
    private let audience: ProgressNarrator.Audience
    private var states: [String: ExecutionState] = [:]

    package init(_ audience: ProgressNarrator.Audience = .file, tasks: Int = 0) {
        self.audience = audience
        for number in 0..<tasks { change("t\(number)", .pending, at: 0) }
    }

    package mutating func event(
        _ task: String,
        _ state: ExecutionState,
        at second: Double,
        attempt: Int = 1,
        group: String? = nil
    ) -> ExecutionEvent {
        ExecutionEvent(
            jobName: "job",
            taskName: task,
            groupName: group,
            timestamp: Date(timeIntervalSince1970: second),
            attempt: attempt,
            from: states.updateValue(state, forKey: task) ?? .initial,
            to: state
        )
    }

    package mutating func change(
        _ task: String,
        _ state: ExecutionState,
        at second: Double,
        attempt: Int = 1,
        group: String? = nil,
        reason: String? = nil,
        isAllowed: Bool = false,
        failure: AttemptFailure? = nil,
        log: String? = nil
    ) {
        var event = event(task, state, at: second, attempt: attempt, group: group)
        (event.reason, event.isAllowedFailure, event.failure) = (reason, isAllowed, failure)
        let beginning = model.beginning(of: task)
        model.apply(event)
        told += narrator.lines(for: event, to: audience, beginning: beginning, log: log, model: model)
    }

    package mutating func tellRest() {
        told += narrator.rest()
    }
}
