/// How many members of a group may be under way at once. One that has begun ends before another takes its place.
struct MemberLimit: Sendable {
    private let most: Int
    private var underWay: Set<Int> = []
    /// The members that could begin, in the order in which they do.
    private(set) var waiting = Fifo<Int>()

    init(_ most: Int) { self.most = most }

    /// A member could begin.
    ///
    /// - Returns: Whether it does; if not, it waits.
    mutating func begin(_ member: Int) -> Bool {
        guard underWay.count < most else {
            waiting.append(member)
            return false
        }
        underWay.insert(member)
        return true
    }

    /// A member ended.
    ///
    /// - Parameter isWaiting: Whether a member that waited still does.
    /// - Returns: The member that begins in its place.
    mutating func end(_ member: Int, _ isWaiting: (Int) -> Bool) -> Int? {
        guard underWay.remove(member) != nil else { return nil }
        while let next = waiting.popFirst() {
            guard isWaiting(next) else { continue }
            underWay.insert(next)
            return next
        }
        return nil
    }
}
