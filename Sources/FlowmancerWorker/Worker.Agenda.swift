import DequeModule
import FlowmancerWire

extension Worker {
    /// What the worker does, and what it will do after that.
    struct Agenda {
        /// What holds for all attempts.
        var run = WireRun()
        var activity = Activity.idle
        /// The attempts that begin by themselves when the present one has ended: one, or two for the moment in which the
        /// engine has heard of an end that is not over here.
        var upcoming: Deque<WireAttempt> = []
        /// A cancellation that arrived before its attempt had begun.
        var cancellation: WireCancelAttempt?
        /// Whether the standard streams may be other ones than the worker began with.
        var isUsed = false

        /// Whether nothing happens until the next message.
        var isIdle: Bool { activity.isIdle && upcoming.isEmpty }
    }

    enum Activity {
        case idle
        /// An attempt was taken up, and is about to be executed.
        case beginning
        case executing(AttemptExecution)
        /// The report of the attempt's end is on its way out.
        case reporting

        var execution: AttemptExecution? { if case .executing(let execution) = self { execution } else { nil } }
        var isIdle: Bool { if case .idle = self { true } else { false } }
        /// Whether the end of the attempt is still to be reported.
        var isUnderWay: Bool {
            switch self {
            case .beginning, .executing: true
            case .idle, .reporting: false
            }
        }
    }
}
