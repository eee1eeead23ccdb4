import Synchronization

/// Carries a value that is not `Sendable` from its only owner to the next.
final class Sending<Value>: Sendable {
    private let value: Mutex<Value?>

    init(_ value: sending Value) {
        self.value = Mutex(value)
    }

    func take() -> sending Value {
        let value = value.withLock { value in
            let taken = value
            value = nil
            return taken
        }
        return value!
    }
}
