import NIOCore

/// What the pool does while the system refuses it workers: it asks again, ever less often, and gives up if it has had
/// none at all for too long.
struct WorkerScarcity {
    private static let firstPause: TimeAmount = .milliseconds(100)
    private static let longestPause: TimeAmount = .seconds(2)
    /// How long a run without any worker waits for its first.
    static let patience: TimeAmount = .seconds(10)

    private var pause = firstPause
    private var nextTry: NIODeadline
    /// Since when there has been no worker at all.
    private var emptySince: NIODeadline?

    /// Takes note of the first refusal.
    init(now: NIODeadline, hasWorkers: Bool) {
        nextTry = now + pause
        emptySince = hasWorkers ? nil : now
    }

    /// Takes note of another refusal; all that answer one try count as one.
    mutating func noteRefusal(now: NIODeadline, hasWorkers: Bool) {
        emptySince = hasWorkers ? nil : emptySince ?? now
        guard now >= nextTry else { return }
        pause = min(pause * 2, Self.longestPause)
        nextTry = now + pause
    }

    /// Takes note of the end of a worker, which made room for another.
    mutating func noteRoom(now: NIODeadline) {
        nextTry = min(nextTry, now)
    }

    /// Whether it is time to ask for a worker again.
    func isDue(now: NIODeadline) -> Bool { now >= nextTry }

    /// Whether the run has waited long enough.
    func isHopeless(now: NIODeadline) -> Bool {
        emptySince.map { now - $0 >= Self.patience } ?? false
    }
}
