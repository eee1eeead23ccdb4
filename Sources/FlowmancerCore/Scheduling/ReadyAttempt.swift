/// An attempt that wants to start. The lesser one starts first.
struct ReadyAttempt: Sendable, Comparable {
    let priority: Int
    /// What decides among those of one priority: how much waits for the task, then the number of the attempt, so that a retry
    /// lets others begin, then the number of the task.
    private let place: UInt64

    private static let longest: UInt32 = 1 << 27 - 1
    private static let lastAttempt = 1 << 5 - 1

    /// - Parameter following: How many tasks follow on the longest chain that begins with this one.
    init(_ task: Int, attempt: Int, priority: Int, following: UInt32) {
        self.priority = priority
        // Beyond these, there is no need to tell them apart.
        let brevity = Self.longest - min(following, Self.longest)
        let retries = min(attempt - 1, Self.lastAttempt)
        place = UInt64(brevity) << 37 | UInt64(retries) << 32 | UInt64(UInt32(truncatingIfNeeded: task))
    }

    var task: Int { Int(UInt32(truncatingIfNeeded: place)) }
    var following: UInt32 { Self.longest - UInt32(place >> 37) }

    static func < (lhs: ReadyAttempt, rhs: ReadyAttempt) -> Bool {
        lhs.priority == rhs.priority ? lhs.place < rhs.place : lhs.priority > rhs.priority
    }
}
