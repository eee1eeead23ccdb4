import Dispatch
import Synchronization

/// Waits for what may never return.
enum TimeLimited {
    /// Performs an operation.
    ///
    /// - Returns: Its result; `nil` if it does not end in time. It was cancelled then, and may go on nevertheless.
    static func perform<Value: Sendable>(
        within limit: Duration,
        _ body: @escaping @Sendable () async throws -> Value
    ) async -> Result<Value, any Error>? {
        let waiting = Waiting<Result<Value, any Error>?>()
        // Unstructured, since a group would wait for what blocks its thread.
        let operation = Task {
            do { waiting.end(with: .success(try await body())) } catch { waiting.end(with: .failure(error)) }
        }
        let milliseconds = Int((limit / .milliseconds(1)).rounded(.up))
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) { waiting.end(with: nil) }
        let result = await waiting.result()
        if result == nil { operation.cancel() }
        return result
    }

    /// Keeps the first of several results for the one who waits.
    private final class Waiting<Value: Sendable>: Sendable {
        private enum State {
            case open
            case awaited(CheckedContinuation<Value, Never>)
            case ended(Value)
        }

        private let state = Mutex(State.open)

        func result() async -> Value {
            await withCheckedContinuation { continuation in
                let value: Value? = state.withLock { state in
                    if case .ended(let value) = state { return value }
                    state = .awaited(continuation)
                    return nil
                }
                if let value { continuation.resume(returning: value) }
            }
        }

        func end(with value: Value) {
            let continuation: CheckedContinuation<Value, Never>? = state.withLock { state in
                guard case .ended = state else {
                    defer { state = .ended(value) }
                    if case .awaited(let continuation) = state { return continuation }
                    return nil
                }
                return nil
            }
            continuation?.resume(returning: value)
        }
    }
}
