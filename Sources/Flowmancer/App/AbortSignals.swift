@preconcurrency import Dispatch
import FlowmancerSystem
import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM, SIGHUP and SIGUSR1 into requests to abort.
final class AbortSignals: Sendable {
    private let escalation: Escalation
    private let sources: [any DispatchSourceSignal]

    private final class Escalation: Sendable {
        let state = Mutex(SignalEscalation())
    }

    /// Listens from now on.
    ///
    /// - Parameter abort: Called to abort, and called again to kill; further calls have no effect.
    init(_ abort: @escaping @Sendable () -> Void) {
        let escalation = Escalation()
        self.escalation = escalation
        // Not on a global queue: plug-ins may block all of its threads.
        let queue = DispatchQueue(label: "flowmancer.signals")
        let registered = DispatchSemaphore(value: 0)
        sources = Self.numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                let request = escalation.state.withLock { $0.receive(number, at: .now) }
                switch request {
                case .abort: abort()
                case .kill:
                    abort()
                    // The first call only aborted, if nobody had asked before.
                    abort()
                case .exit(let code): _exit(code)
                case .nothing: break
                }
            }
            source.setRegistrationHandler { registered.signal() }
            source.activate()
            return source
        }
        // Until then a signal is ignored, and on a busy machine a task may be running by then.
        for _ in sources { _ = registered.wait(timeout: .now() + .seconds(5)) }
    }

    /// SIGHUP only if nobody asked to survive the terminal, as nohup(1) does.
    private static var numbers: [Int32] {
        [SIGINT, SIGTERM, SignalEscalation.killing] + (SignalDisposition.isIgnored(SIGHUP) ? [] : [SIGHUP])
    }

    /// The exit code of a run that a signal ended; `nil` if none arrived.
    var exitCode: Int32? { escalation.state.withLock(\.exitCode) }
}
