import CFlowmancerKeeper
import Glibc
import Synchronization

/// Collects, while an attempt runs, the orphans that it adopted and that have ended. Otherwise they would stay until its
/// end, and count against the user's limit of processes.
///
/// Short attempts pay nothing for this: the thread that receives looks only when it has received nothing for a while.
final class OrphanWatch: Sendable {
    private let state = Mutex(State())

    private struct State {
        var attempt: UInt64?
        var census = OrphanCensus()
        /// The processor time of the threads that had ended before the previous look, in nanoseconds, at least.
        var endedTime: Int64?
        /// How long after the beginning, or after the previous look, the next look follows; `nil` for none.
        var pause: Duration?
        /// When a look is due although messages keep coming.
        var due: ContinuousClock.Instant?
    }

    /// How long an attempt runs before the first look at it.
    private static let beginning: Duration = .milliseconds(50)
    /// The pause while orphans end quickly: the user's limit may be low.
    private static let shortPause: Duration = .milliseconds(20)
    /// The longest pause while there are children, and without any.
    private static let pauseWithChildren: Duration = .milliseconds(250)
    private static let longestPause: Duration = .seconds(1)
    /// A thread that used less processor time, in nanoseconds, has started no process.
    private static let negligible: Int64 = 10_000

    /// How long the engine may be silent before ``look(at:)`` is due; `nil` if it never is.
    var pause: Duration? { state.withLock(\.pause) }

    /// Takes note that the worker begins, before it starts a thread or a process.
    func begin() {
        var time = flowmancer_ended_time()
        guard flowmancer_measure_ended_threads(&time) else { return }
        state.withLock { $0.endedTime = time.lower }
    }

    /// Takes note of a message: an attempt may begin.
    ///
    /// - Returns: Whether a look is due: a task that talks to the engine all the time is never silent.
    func noteMessage() -> Bool {
        let now = ContinuousClock.now
        return state.withLock { state in
            state.pause = Self.beginning
            if let due = state.due, now < due { return false }
            defer { state.due = now + Self.beginning }
            return state.due != nil
        }
    }

    /// Takes note that no attempt runs until the next message.
    func rest() {
        state.withLock { state in
            state.pause = nil
            state.due = nil
        }
    }

    /// Looks for orphans of the attempt that runs.
    func look(at attempt: UInt64) {
        state.withLock { state in
            if state.attempt != attempt {
                // An attempt that is over has left no children.
                (state.attempt, state.census, state.pause) = (attempt, OrphanCensus(), Self.beginning)
            }
            Self.look(&state)
        }
    }

    private static func look(_ state: inout State) {
        var before = flowmancer_ended_time()
        var after = flowmancer_ended_time()
        // Before and after the list is read: a thread that ends meanwhile counts for both looks.
        guard flowmancer_measure_ended_threads(&before), let children = mainChildren(),
            flowmancer_measure_ended_threads(&after)
        else {
            // The system does not tell what it takes to know orphans, or too much happens meanwhile.
            state.pause = longestPause
            return
        }
        let threadsEnded = state.endedTime.map { after.upper - $0 > negligible } ?? true
        state.census.note(children, threadsEnded: threadsEnded)
        state.endedTime = before.lower
        let collected = state.census.orphans.filter { flowmancer_collect($0) }
        for child in collected { state.census.forget(child) }
        state.pause =
            collected.isEmpty
            ? min((state.pause ?? beginning) * 2, children.isEmpty ? longestPause : pauseWithChildren) : shortPause
    }

    private static func mainChildren() -> [pid_t]? {
        var children = [pid_t](repeating: 0, count: 256)
        while true {
            let count = flowmancer_main_children(&children, children.count)
            guard count >= 0 else { return nil }
            if count <= children.count { return Array(children.prefix(count)) }
            children = [pid_t](repeating: 0, count: 2 * count)
        }
    }
}
