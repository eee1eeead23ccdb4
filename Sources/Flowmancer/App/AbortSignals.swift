import FlowmancerSystem
import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM, SIGHUP and SIGUSR1 into requests to abort.
final class AbortSignals: Sendable {
    private let escalation: Escalation
    private let listener: SignalListener

    private final class Escalation: Sendable {
        let state = Mutex(SignalEscalation())
    }

    /// Listens from now on.
    ///
    /// - Parameter abort: Called to abort, and called again to kill; further calls have no effect.
    init(_ abort: @escaping @Sendable () -> Void) {
        let escalation = Escalation()
        self.escalation = escalation
        listener = SignalListener(Self.numbers) { number in
            switch escalation.state.withLock({ $0.receive(number, at: .now) }) {
            case .abort: abort()
            case .kill:
                abort()
                // The first call only aborted, if nobody had asked before.
                abort()
            case .exit(let code): _exit(code)
            case .nothing: break
            }
        }
    }

    /// SIGHUP only if nobody asked to survive the terminal, as nohup(1) does.
    private static var numbers: [Int32] {
        [SIGINT, SIGTERM, SignalEscalation.killing] + (SignalDisposition.isIgnored(SIGHUP) ? [] : [SIGHUP])
    }

    /// The exit code of a run that a signal ended; `nil` if none arrived.
    var exitCode: Int32? { escalation.state.withLock(\.exitCode) }
}
