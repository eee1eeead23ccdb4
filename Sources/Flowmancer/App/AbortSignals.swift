@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into requests to abort.
final class AbortSignals: Sendable {
    private let first: FirstSignal
    private let sources: [any DispatchSourceSignal]

    private final class FirstSignal: Sendable {
        let number = Mutex<Int32?>(nil)
    }

    /// Listens from now on.
    ///
    /// - Parameter abort: Called for every signal.
    init(_ abort: @escaping @Sendable () -> Void) {
        let first = FirstSignal()
        self.first = first
        // Not on a global queue: plug-ins may block all of its threads.
        let queue = DispatchQueue(label: "flowmancer.signals")
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                first.number.withLock { $0 = $0 ?? number }
                abort()
            }
            source.activate()
            return source
        }
    }

    /// The first signal that arrived, if any did.
    var received: Int32? { first.number.withLock { $0 } }
}
