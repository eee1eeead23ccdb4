import DequeModule
import Synchronization

/// Lets only so many updates of the shared dictionary into the engine at once; the others wait here, in order.
///
/// The engine holds a bounded number of requests of a worker. Were all of them updates that wait for their turn, the
/// write that ends the turn before them could not get through.
final class UpdateGate: Sendable {
    private let state: Mutex<State>

    private struct State {
        var free: Int
        var waiting: Deque<CheckedContinuation<Void, Never>> = []
    }

    init(capacity: Int) {
        state = Mutex(State(free: capacity))
    }

    /// Waits until an update may begin.
    func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free == 0 else {
                    state.free -= 1
                    return true
                }
                state.waiting.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    /// Ends an update.
    func leave() {
        let next = state.withLock { state in
            let next = state.waiting.popFirst()
            if next == nil { state.free += 1 }
            return next
        }
        next?.resume()
    }
}
