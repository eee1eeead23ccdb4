import Glibc

/// Decides what a signal asks for, by those that came before it. A pure value.
///
/// People press Ctrl-C, and mean more each time. Programs say what they mean: ``killing`` asks for the same however often it
/// comes.
struct SignalEscalation: Sendable {
    /// What to do about a signal.
    enum Request: Sendable, Hashable {
        /// End the run, and wait for what is running.
        case abort
        /// Do not wait any longer.
        case kill
        /// End the program, whatever it is doing.
        case exit(code: Int32)
        case nothing
    }

    /// Signals that follow this fast come from a program, which sends one to a process and then to its group:
    /// timeout(1) does. People are slower.
    static let burst: Duration = .milliseconds(100)

    /// The signal with which another process asks to abort the run, and to kill what runs.
    static let killing = SIGUSR1

    private enum Stage {
        case running
        case aborting(first: Int32)
        case killing(first: Int32)
    }

    private var stage = Stage.running
    /// When a signal last asked for something.
    private var last: ContinuousClock.Instant?

    init() {}

    /// The exit code of a run that a signal ended: 128 and the signal's number.
    var exitCode: Int32? {
        switch stage {
        case .running: nil
        case .aborting(let first), .killing(let first): 128 + first
        }
    }

    /// Takes in a signal.
    mutating func receive(_ signal: Int32, at now: ContinuousClock.Instant) -> Request {
        if signal == Self.killing { return kill(at: now) }
        // A terminal that is closed has nobody before it who could be impatient; the shell may tell it again.
        if let last, signal == SIGHUP || now - last < Self.burst { return .nothing }
        last = now
        switch stage {
        case .running:
            stage = .aborting(first: signal)
            return .abort
        case .aborting(let first):
            stage = .killing(first: first)
            return .kill
        case .killing(let first):
            return .exit(code: 128 + first)
        }
    }

    private mutating func kill(at now: ContinuousClock.Instant) -> Request {
        switch stage {
        // As if it had been asked to end before.
        case .running: stage = .killing(first: SIGTERM)
        case .aborting(let first): stage = .killing(first: first)
        case .killing: return .nothing
        }
        last = now
        return .kill
    }
}
