/// What the pool does while the system refuses it workers: it asks again, ever less often, and gives up if it has had
/// none at all for too long.
struct WorkerScarcity {
    private static let firstPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(2)
    /// How long a run without any worker waits for its first.
    static let patience: Duration = .seconds(10)

    private var pause = firstPause
    private var nextTry: SuspendingClock.Instant
    /// Since when there has been no worker at all.
    private var emptySince: SuspendingClock.Instant?

    /// Takes note of the first refusal.
    init(now: SuspendingClock.Instant, hasWorkers: Bool) {
        nextTry = now + pause
        emptySince = hasWorkers ? nil : now
    }

    /// Takes note of another refusal; all that answer one try count as one.
    mutating func noteRefusal(now: SuspendingClock.Instant, hasWorkers: Bool) {
        emptySince = hasWorkers ? nil : emptySince ?? now
        guard now >= nextTry else { return }
        pause = min(pause * 2, Self.longestPause)
        nextTry = now + pause
    }

    /// Takes note of the end of a worker, which made room for another.
    mutating func noteRoom(now: SuspendingClock.Instant) {
        nextTry = min(nextTry, now)
    }

    /// Whether it is time to ask for a worker again.
    func isDue(now: SuspendingClock.Instant) -> Bool { now >= nextTry }

    /// Whether the run has waited long enough.
    func isHopeless(now: SuspendingClock.Instant) -> Bool {
        emptySince.map { now - $0 >= Self.patience } ?? false
    }
}
