import NIOCore
import Synchronization

/// The way for other threads to something that is used on an event loop only, until it is closed: plug-ins that were
/// given up may come back when the loop is no more.
final class LoopEntrance<Value>: Sendable {
    private let value: Mutex<NIOLoopBound<Value>?>

    init(_ value: NIOLoopBound<Value>? = nil) {
        self.value = Mutex(value)
    }

    func open(_ value: NIOLoopBound<Value>) {
        self.value.withLock { $0 = value }
    }

    func close() {
        value.withLock { $0 = nil }
    }

    /// Performs something on the loop, later.
    ///
    /// - Returns: `false` if it is closed; nothing will be performed then.
    @discardableResult
    func enter(_ body: @escaping @Sendable (Value) -> Void) -> Bool {
        // Under the lock: after `close` nothing may reach the loop, which is about to be shut down.
        value.withLock { value in
            guard let value else { return false }
            value.eventLoop.execute { body(value.value) }
            return true
        }
    }
}
