import DequeModule
import FlowmancerCore

/// The events that a sink has not taken yet. A pure value.
struct EventQueue: Sendable {
    private let policy: EventPolicy
    private var events: Deque<RunEvent> = []
    /// The size of those events in it that could have been lost.
    private var bytes = 0
    /// How many events were lost.
    private(set) var lost = 0

    init(_ policy: EventPolicy) {
        self.policy = policy
    }

    var isEmpty: Bool { events.isEmpty }
    /// Whether so much is in it that tasks should wait.
    var isCongested: Bool { bytes > EventPolicy.congestion }
    /// Whether tasks that wait can go on.
    var isRelieved: Bool { bytes <= EventPolicy.relief }

    /// Adds an event, or loses it. One event that may be lost always fits, however large it is.
    mutating func append(_ event: RunEvent) {
        if policy.mayLose(event) {
            let size = event.size
            guard bytes == 0 || bytes + size <= policy.capacity else {
                lost += 1
                return
            }
            bytes += size
        }
        events.append(event)
    }

    /// Takes the first event out.
    mutating func popFirst() -> RunEvent? {
        guard let event = events.popFirst() else { return nil }
        if policy.mayLose(event) { bytes -= event.size }
        return event
    }

    /// Takes all events out.
    mutating func popAll() -> [RunEvent] {
        let all = Array(events)
        events = []
        bytes = 0
        return all
    }

    /// Counts an event that came too late.
    mutating func lose() { lost += 1 }

    /// Loses everything that is in it.
    mutating func loseAll() {
        lost += events.count
        events = []
        bytes = 0
    }
}
