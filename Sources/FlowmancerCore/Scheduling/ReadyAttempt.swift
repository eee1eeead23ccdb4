/// An attempt that wants to start. The lesser one starts first.
struct ReadyAttempt: Sendable, Comparable {
    let priority: Int
    /// What decides among those of one priority: how much waits for the task, then its number.
    private let place: UInt64

    /// - Parameter following: How many tasks follow on the longest chain that begins with this one.
    init(_ task: Int, priority: Int, following: UInt32) {
        self.priority = priority
        place = UInt64(UInt32.max - following) << 32 | UInt64(UInt32(truncatingIfNeeded: task))
    }

    var task: Int { Int(UInt32(truncatingIfNeeded: place)) }

    static func < (lhs: ReadyAttempt, rhs: ReadyAttempt) -> Bool {
        lhs.priority == rhs.priority ? lhs.place < rhs.place : lhs.priority > rhs.priority
    }
}
