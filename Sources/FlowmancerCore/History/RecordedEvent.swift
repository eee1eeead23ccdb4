public import struct FoundationEssentials.Date
public import OrderedCollections

/// Something that happened in a run, as a history keeps it.
///
/// The events of a run are numbered from 1, without gaps. Store ``json``: it has everything, also of kinds that come with
/// a newer version.
public struct RecordedEvent: Sendable, Hashable {
    /// The place of the event in the run, from 1.
    public let number: Int
    /// When it happened, to the microsecond.
    public let time: Date
    package let content: Content

    /// What happened.
    package enum Content: Sendable, Hashable {
        case change(StateChange)
        case published(Publication)
        case expanded(Expansion)
        case ended(RunConclusion)
        /// Of a kind that this version does not know, or with something in it that it does not know.
        indirect case unknown(JSONText)
    }

    package init(number: Int, time: Date, _ content: Content) {
        self.number = number
        self.time = Date(microsecondsSince1970: time.microsecondsSince1970)
        self.content = content
    }

    /// Creates an event: a task changed its state.
    public init(number: Int, time: Date, _ change: StateChange) {
        self.init(number: number, time: time, .change(change))
    }

    /// Creates an event: a task published values.
    public init(number: Int, time: Date, _ publication: Publication) {
        self.init(number: number, time: time, .published(publication))
    }

    /// Creates an event: a group got its members.
    public init(number: Int, time: Date, _ expansion: Expansion) {
        self.init(number: number, time: time, .expanded(expansion))
    }

    /// Creates an event: the run ended. No other follows.
    public init(number: Int, time: Date, _ end: RunConclusion) {
        self.init(number: number, time: time, .ended(end))
    }

    /// How a task changed its state, if that is what happened. That all tasks wait when a run begins is no event.
    public var change: StateChange? { if case .change(let change) = content { change } else { nil } }
    /// What a task published, if that is what happened.
    public var publication: Publication? { if case .published(let values) = content { values } else { nil } }
    /// Which members a group got, if that is what happened.
    public var expansion: Expansion? { if case .expanded(let expansion) = content { expansion } else { nil } }
    /// How the run ended, if that is what happened.
    public var conclusion: RunConclusion? { if case .ended(let end) = content { end } else { nil } }
}

/// A change of the state of a task, or of a group that ended without members.
public struct StateChange: Sendable, Hashable {
    /// The name of the task.
    public var task: String
    /// The number of the attempt that the change belongs to, from 1; 0 before the first attempt.
    public var attempt: Int
    /// The state that the task left.
    public var from: ExecutionState
    /// The state that the task entered.
    public var to: ExecutionState
    /// Why, unless that is clear from the states; see ``ExecutionEvent/reason``.
    public var reason: String?
    /// Whether the task failed and may.
    public var isAllowedFailure: Bool
    /// Why the attempt failed or was aborted, and its last lines; `nil` if the event is not the end of such an attempt.
    public var failure: AttemptFailure?
    /// The machine of an executor that executes the attempt; see ``ExecutionEvent/machine``.
    public var machine: String?

    /// Creates a change.
    public init(
        task: String,
        attempt: Int = 0,
        from: ExecutionState,
        to: ExecutionState,
        reason: String? = nil,
        isAllowedFailure: Bool = false,
        failure: AttemptFailure? = nil,
        machine: String? = nil
    ) {
        self.task = task
        self.attempt = attempt
        self.from = from
        self.to = to
        self.reason = reason
        self.isAllowedFailure = isAllowedFailure
        self.failure = failure
        self.machine = machine
    }
}

/// What a task published that completed. Secrets are masked.
public struct Publication: Sendable, Hashable {
    /// The name of the task.
    public var task: String
    /// The values by name, as JSON.
    public var values: OrderedDictionary<String, JSONText>

    /// Creates a publication.
    public init(task: String, values: OrderedDictionary<String, JSONText>) {
        self.task = task
        self.values = values
    }
}

/// The members that a group got in the run.
public struct Expansion: Sendable, Hashable {
    /// The name of the group.
    public var group: String
    /// The names of the tasks and groups that the run did not have so far, each group before its members.
    public var nodes: [String]

    /// Creates an expansion.
    public init(group: String, nodes: [String]) {
        self.group = group
        self.nodes = nodes
    }
}

/// How a run ended.
public struct RunConclusion: Sendable, Hashable {
    /// Where the run stands from then on: ``RunState/succeeded``, ``RunState/failed`` or ``RunState/aborted``.
    public var state: RunState
    /// How many tasks ended in each state. Groups count only if they ended without members.
    public var counts: [ExecutionState: Int]
    /// How many of those that failed may fail.
    public var allowedFailures: Int
    /// The error of a run that could not go on, or the time limit that it exceeded.
    public var reason: String?

    /// Creates an end.
    public init(
        state: RunState,
        counts: [ExecutionState: Int] = [:],
        allowedFailures: Int = 0,
        reason: String? = nil
    ) {
        self.state = state
        self.counts = counts
        self.allowedFailures = allowedFailures
        self.reason = reason
    }
}
