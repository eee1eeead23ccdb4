import Dispatch
import Glibc
import Synchronization

/// Lets two threads take turns at receiving messages.
///
/// The thread that receives also runs what a message brings, since waking another one takes longer than most short
/// tasks. If that keeps it, the other thread, which looks from time to time, takes over; the first becomes the one that
/// looks. Nobody is woken as long as messages follow each other quickly, and nobody looks while nothing happens.
final class ReceptionTurns: Sendable {
    /// How often the second thread looks, in microseconds: what a message waits at most behind a task that computes.
    private static let interval: UInt32 = 2_000
    /// How many times it looks in vain before it sleeps.
    private static let patience = 5

    /// Counts the turns. The number is odd while the receiving thread is occupied.
    private let turn = Atomic<UInt64>(0)
    private let isAsleep = Atomic(false)
    private let alarm = DispatchSemaphore(value: 0)

    /// Says that the receiving thread, which calls this, receives nothing for now.
    ///
    /// - Returns: What ``resume(_:)`` needs.
    func occupy() -> UInt64 {
        let occupied = turn.add(1, ordering: .sequentiallyConsistent).newValue
        if isAsleep.load(ordering: .sequentiallyConsistent),
            isAsleep.exchange(false, ordering: .sequentiallyConsistent)
        {
            alarm.signal()
        }
        return occupied
    }

    /// Goes on receiving.
    ///
    /// - Returns: Whether that is so: otherwise the other thread has taken over.
    func resume(_ occupied: UInt64) -> Bool { proceed(from: occupied) }

    /// Waits until the other thread has been occupied for a while, and takes over from it.
    func takeOver() {
        var last = turn.load(ordering: .acquiring)
        var quiet = 0
        while true {
            if quiet < Self.patience { usleep(Self.interval) } else { sleep() }
            let current = turn.load(ordering: .acquiring)
            if current == last, !current.isMultiple(of: 2), proceed(from: current) { return }
            quiet = current == last && current.isMultiple(of: 2) && quiet < Self.patience ? quiet + 1 : 0
            last = current
        }
    }

    private func sleep() {
        isAsleep.store(true, ordering: .sequentiallyConsistent)
        // The other thread may have become occupied just before it could see that an alarm is needed.
        if !turn.load(ordering: .sequentiallyConsistent).isMultiple(of: 2),
            isAsleep.exchange(false, ordering: .sequentiallyConsistent)
        {
            return
        }
        alarm.wait()
    }

    private func proceed(from occupied: UInt64) -> Bool {
        turn.compareExchange(
            expected: occupied,
            desired: occupied + 1,
            ordering: .acquiringAndReleasing
        ).exchanged
    }
}
