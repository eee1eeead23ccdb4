@preconcurrency import Dispatch
import Glibc

/// Hears of signals, which have no other effect from now on. It listens until it is released.
final class SignalListener: Sendable {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter handle: Is called with the number of each signal, one after the other.
    init(_ numbers: [Int32], _ handle: @escaping @Sendable (Int32) -> Void) {
        // Not on a global queue: plug-ins may block all of its threads.
        let queue = DispatchQueue(label: "flowmancer.signals")
        let registered = DispatchSemaphore(value: 0)
        sources = numbers.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { handle(number) }
            source.setRegistrationHandler { registered.signal() }
            source.activate()
            return source
        }
        // Until then a signal is ignored, and on a busy machine a task may be running by then.
        for _ in sources { _ = registered.wait(timeout: .now() + .seconds(5)) }
    }
}
