import Synchronization

/// The way for other threads to something that is used on an event loop only, until it is closed: plug-ins that were
/// given up may come back when the loop is no more.
final class LoopEntrance<Value>: Sendable {
    private let value = Mutex<LoopBound<Value>?>(nil)

    func open(_ value: LoopBound<Value>) {
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
        // Under the lock: after `close` nothing may reach what is about to end.
        value.withLock { value in
            value?.perform(body)
            return value != nil
        }
    }
}
