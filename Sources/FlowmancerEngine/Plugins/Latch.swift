import Dispatch
import Synchronization

/// Something that happens once and can be waited for, with a limit, even if who should bring it about never will.
final class Latch: Sendable {
    private let state = Mutex(State.closed([:]))

    private enum State {
        case closed([Int: CheckedContinuation<Bool, Never>])
        case opened
    }

    /// Wakes all who wait.
    func open() {
        let waiting: [CheckedContinuation<Bool, Never>] = state.withLock { state in
            guard case .closed(let waiting) = state else { return [] }
            state = .opened
            return Array(waiting.values)
        }
        for continuation in waiting { continuation.resume(returning: true) }
    }

    /// Waits.
    ///
    /// - Returns: Whether it happened in time.
    func wait(atMost limit: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let key: Int? = state.withLock { state in
                guard case .closed(var waiting) = state else { return nil }
                let key = (waiting.keys.max() ?? 0) + 1
                waiting[key] = continuation
                state = .closed(waiting)
                return key
            }
            guard let key else { return continuation.resume(returning: true) }
            DispatchQueue.global().asyncAfter(deadline: .now() + limit / .seconds(1)) {
                self.expire(key)
            }
        }
    }

    private func expire(_ key: Int) {
        let continuation: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard case .closed(var waiting) = state else { return nil }
            defer { state = .closed(waiting) }
            return waiting.removeValue(forKey: key)
        }
        continuation?.resume(returning: false)
    }
}
