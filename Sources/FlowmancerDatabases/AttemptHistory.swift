package import FlowmancerCore
import Glibc
import Synchronization

/// What a database has of the attempts of tasks and a checkpoint has not, so that it can be stored once more.
///
/// A step counts at the time when it was handed over, whether it could be stored or not.
package final class AttemptHistory: Sendable {
    /// The last attempt of a task. Times are in seconds since 1970, and `nil` if they are not known.
    package struct Attempt: Sendable, Hashable {
        package var number: Int
        package var startedAt: Double?
        package var endedAt: Double?
        fileprivate var state: ExecutionState
    }

    private let attempts = Mutex<[String: Attempt]>([:])

    package init() {}

    /// Takes over the steps that a journal is given.
    package func note(_ entries: [JournalEntry], at time: Double = AttemptHistory.now) {
        attempts.withLock { attempts in
            for entry in entries {
                guard let state = entry.state else { continue }
                var attempt = attempts[entry.name] ?? Attempt(number: entry.attempt, state: state)
                if state == .running {
                    (attempt.startedAt, attempt.endedAt) = (time, nil)
                } else if attempt.state == .running {
                    attempt.endedAt = time
                }
                (attempt.number, attempt.state) = (entry.attempt, state)
                attempts[entry.name] = attempt
            }
        }
    }

    /// Returns what is known of a task that is in a state by now; `nil` if nothing is.
    ///
    /// What it went through while nothing could be stored was not noted: then there are no times for it.
    package func attempt(of task: String, in state: ExecutionState) -> Attempt? {
        guard var attempt = attempts.withLock({ $0[task] }) else { return nil }
        if attempt.state == state { return attempt }
        if attempt.state != .running { attempt.startedAt = nil }
        attempt.endedAt = nil
        return attempt
    }

    package static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
