import Dispatch
import DequeModule
import Synchronization

/// Does what waits for disks, on a few threads of its own: in the order in which it was asked for, several at once.
final class ReuseQueue: Sendable {
    private let queue = DispatchQueue(label: "flowmancer.reuse", attributes: .concurrent)
    private let width: Int
    private let state = Mutex(State())

    private struct State {
        var jobs: Deque<@Sendable () -> Void> = []
        var active = 0
        /// Who waits until nothing is left.
        var idle: [Latch] = []
    }

    /// - Parameter width: How many jobs are done at once.
    init(width: Int) {
        self.width = max(1, width)
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        let mustStart = state.withLock { state in
            state.jobs.append(job)
            guard state.active < width else { return false }
            state.active += 1
            return true
        }
        if mustStart { queue.async { [self] in work() } }
    }

    /// Does something after a second, whatever else there is to do.
    func addLater(_ job: @escaping @Sendable () -> Void) {
        queue.asyncAfter(deadline: .now() + 1, execute: job)
    }

    private func work() {
        while let job = next() { job() }
    }

    private func next() -> (@Sendable () -> Void)? {
        let (job, idle) = state.withLock { state -> ((@Sendable () -> Void)?, [Latch]) in
            if let job = state.jobs.popFirst() { return (job, []) }
            state.active -= 1
            guard state.active == 0 else { return (nil, []) }
            defer { state.idle = [] }
            return (nil, state.idle)
        }
        for latch in idle { latch.open() }
        return job
    }

    /// Forgets what was not begun.
    func clear() { state.withLock { $0.jobs = [] } }

    /// Something that happens when nothing is left to be done.
    var whenIdle: Latch {
        let latch = Latch()
        let isIdle = state.withLock { state in
            if state.active > 0 { state.idle.append(latch) }
            return state.active == 0
        }
        if isIdle { latch.open() }
        return latch
    }
}
