import FlowmancerCore

/// What the pool knows of a worker.
struct PoolWorker {
    /// What a worker is doing.
    enum Phase {
        /// There is no worker of this number.
        case vacant
        /// It is about to be requested.
        case planned
        /// It was requested. Whether it can be started is not known.
        case requested
        /// It was started, and is not ready.
        case starting
        case idle
        case busy(Assignment)
        /// It is being ended. If its attempt has reported its end or was killed, this is told when it is gone.
        case retiring((Assignment, AttemptReport)?)

        /// Whether the worker is on its way.
        var isStarting: Bool {
            switch self {
            case .planned, .requested, .starting: true
            case .vacant, .idle, .busy, .retiring: false
            }
        }

        /// Whether the worker is there or on its way, and is not being ended.
        var isInUse: Bool {
            switch self {
            case .planned, .requested, .starting, .idle, .busy: true
            case .vacant, .retiring: false
            }
        }

        /// Whether the system is known to have given the worker.
        var exists: Bool {
            switch self {
            case .starting, .idle, .busy, .retiring: true
            case .vacant, .planned, .requested: false
            }
        }
    }

    /// The attempt that a worker begins by itself when it has reported the end of the present one.
    struct Held {
        let assignment: Assignment
        var admission: Admission
        /// Whether the worker was asked to give it back.
        var isRecalled = false
        var cancellation: Duration?
    }

    /// An attempt that takes less than this is too short to wait for the engine after it; many a command is.
    static let quick: Duration = .milliseconds(3)

    /// Which lane of the pool it is in.
    let lane: Int
    /// Whether it can be given attempts while it executes others.
    let isHolder: Bool
    var phase = Phase.vacant
    var held: Held?
    /// Whether it has executed an attempt.
    var isUsed = false
    /// Whether something that an earlier attempt left behind still runs in it.
    var isHaunted = false
    /// Whether it is among the candidates of its lane.
    var isCandidate = false
    /// Whether the time of the present phase is limited.
    var isLimited = false
    /// If the present attempt was cancelled, the time after which its ending is performed on a fresh instance. If it does not
    /// end by itself after all, it was aborted.
    var cancellation: Duration?
    /// When the present attempt began.
    var began: SuspendingClock.Instant
    /// Whether the attempt before took little time.
    var isQuick = false

    /// The attempt that what the worker says and prints belongs to.
    var assignment: Assignment? {
        switch phase {
        case .busy(let assignment), .retiring((let assignment, _)?): assignment
        case .vacant, .planned, .requested, .starting, .idle, .retiring(nil): nil
        }
    }

    /// Whether it can be given an attempt to hold, as far as the worker is concerned.
    var canHold: Bool { isHolder && held == nil && !isHaunted }

    /// How the present attempt ended, if the worker did not say so: a failure that was cancelled before is an abort.
    func outcome(_ failure: FailureKind) -> AttemptOutcome { cancellation == nil ? .failed(failure) : .aborted }
}
