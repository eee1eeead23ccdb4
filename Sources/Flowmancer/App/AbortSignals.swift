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
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { [unowned source] in
                first.number.withLock { $0 = $0 ?? number }
                // Signals that arrive faster than they are handled are handed on together.
                for _ in 0..<max(1, source.data) { abort() }
            }
            source.activate()
            return source
        }
    }

    /// The first signal that arrived, if any did.
    var received: Int32? { first.number.withLock { $0 } }
}
