package import FlowmancerCore
package import struct FoundationEssentials.Date

/// The numbers of a run, fed by its events. A pure value.
package struct RunMetrics: Sendable {
    /// How an attempt ended.
    package enum Outcome: String, Sendable, Hashable, CaseIterable {
        case completed, failed, retried, aborted
    }

    /// How many attempts took how long: `counts[i]` took at most `bounds[i]` seconds and more than the bound before.
    package struct Histogram: Sendable, Hashable {
        package static let bounds = [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400]
        package private(set) var counts = Array(repeating: 0, count: bounds.count + 1)
        package private(set) var sum = 0.0

        package var count: Int { counts.reduce(0, +) }

        mutating func record(_ seconds: Double) {
            counts[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
            sum += seconds
        }
    }

    /// An attempt that ended.
    package struct EndedAttempt: Sendable, Hashable {
        package var outcome: Outcome
        package var seconds: Double
    }

    package let jobName: String
    package let startedAt: Date
    /// When the run ended, and whether it succeeded.
    package private(set) var ending: (date: Date, isSuccess: Bool)?
    package private(set) var attempts: [Outcome: Int] = [:]
    package private(set) var durations = Histogram()
    /// How many tasks failed as they may; they are among those in the state "failed".
    package private(set) var allowedFailures = 0
    private var states: [ExecutionState: Int] = [:]
    private var beginnings: [String: Date] = [:]

    package init(jobName: String, startedAt: Date) {
        self.jobName = jobName
        self.startedAt = startedAt
    }

    /// How many tasks are in a state.
    package func count(_ state: ExecutionState) -> Int { states[state] ?? 0 }

    /// How many attempts run.
    package var running: Int { beginnings.count }

    /// Takes over a change of state.
    ///
    /// - Returns: The attempt that ended with it.
    package mutating func apply(_ event: ExecutionEvent) -> EndedAttempt? {
        if event.from != .initial { states[event.from, default: 0] -= 1 }
        states[event.to, default: 0] += 1
        if event.isAllowedFailure { allowedFailures += 1 }
        if event.to == .running { beginnings[event.taskName] = event.timestamp }
        guard event.from == .running, let beginning = beginnings.removeValue(forKey: event.taskName) else { return nil }
        let outcome: Outcome =
            switch event.to {
            case .completed: .completed
            case .pending: .retried
            case .aborted: .aborted
            default: .failed
            }
        let attempt = EndedAttempt(outcome: outcome, seconds: max(0, event.timestamp.timeIntervalSince(beginning)))
        attempts[outcome, default: 0] += 1
        durations.record(attempt.seconds)
        return attempt
    }

    /// Notes the end of the run.
    package mutating func end(at date: Date, isSuccess: Bool) {
        ending = (date, isSuccess)
    }

    /// How long the run took, or has taken.
    package func seconds(at now: Date) -> Double { max(0, (ending?.date ?? now).timeIntervalSince(startedAt)) }
}
