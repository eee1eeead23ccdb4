import Dispatch
import Synchronization

/// Something that happens once and can be waited for, with a limit, even if who should bring it about never will.
final class Signal: Sendable {
    /// Not one of the global queues: these run out of threads when plug-ins block them.
    private static let clock = DispatchQueue(label: "flowmancer.clock")

    private let state = Mutex(State.open([]))

    private enum State {
        case open([@Sendable () -> Void])
        case fired
    }

    /// Wakes all who wait; further calls do nothing.
    func fire() {
        let waiting: [@Sendable () -> Void] = state.withLock { state in
            guard case .open(let waiting) = state else { return [] }
            state = .fired
            return waiting
        }
        for body in waiting { body() }
    }

    /// Calls back as soon as it happened, from any thread.
    func then(_ body: @escaping @Sendable () -> Void) {
        let hasFired = state.withLock { state in
            guard case .open(var waiting) = state else { return true }
            waiting.append(body)
            state = .open(waiting)
            return false
        }
        if hasFired { body() }
    }

    /// Waits.
    ///
    /// - Returns: Whether it happened in time.
    @discardableResult
    func wait(atMost limit: Duration) async -> Bool {
        await withCheckedContinuation { continuation in
            let waiter = Waiter(continuation)
            then { waiter.resume(returning: true) }
            Self.clock.asyncAfter(deadline: .now() + limit / .seconds(1)) { waiter.resume(returning: false) }
        }
    }

    /// Goes on with what comes first: the signal or the end of the time.
    private final class Waiter: Sendable {
        private let continuation: Mutex<CheckedContinuation<Bool, Never>?>

        init(_ continuation: CheckedContinuation<Bool, Never>) {
            self.continuation = Mutex(continuation)
        }

        func resume(returning value: Bool) {
            let continuation = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            continuation?.resume(returning: value)
        }
    }
}
