import FlowmancerCore

/// How a sink is served that takes events more slowly than they come.
///
/// A sink says its policy when it is created. All else follows from it: how much is queued, whether tasks wait, and what
/// may be lost.
enum EventPolicy: Sendable {
    /// Everything is kept until it is taken. For sinks that must be complete, and get no output.
    case withoutLoss
    /// Tasks that write wait for the sink, up to the limits of ``OutputPacing``. After that, lines are lost and counted.
    /// States, and starts and ends of attempts, never are.
    case pacing
    /// Nobody waits for the sink. What does not fit into its queue is lost and counted.
    case countedLoss

    /// How many bytes of events that may be lost are queued at most.
    var capacity: Int {
        switch self {
        case .withoutLoss: .max
        case .pacing: 64 << 20
        case .countedLoss: 4 << 20
        }
    }

    /// Beyond this many of these bytes, tasks have to wait…
    static let congestion = 4 << 20
    /// …until there are no more than these.
    static let relief = 3 << 20

    /// Whether an event may be lost.
    func mayLose(_ event: RunEvent) -> Bool {
        switch self {
        case .withoutLoss: false
        case .pacing: event.isLine
        case .countedLoss: true
        }
    }
}

extension RunEvent {
    fileprivate var isLine: Bool {
        guard case .output(let event) = content else { return false }
        return event.kind == .line
    }

    /// About how many bytes of memory the event takes.
    var size: Int {
        switch content {
        case .output(let event):
            let metadata = event.metadata.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.utf8.count }
            return 160 + event.message.utf8.count + event.rawBytes.count + metadata
        case .published(let event):
            return event.values.reduce(200) { $0 + 64 + $1.key.utf8.count + $1.value.rawValue.utf8.count }
        case .expanded(let event):
            return event.expansion.nodes.reduce(200) { $0 + 16 + $1.utf8.count }
        case .began, .state, .ended:
            return 200
        }
    }
}
