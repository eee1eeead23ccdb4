/// Attempts that want to start and ask for the same.
struct ReadyLine: Sendable {
    struct Key: Sendable, Hashable {
        var priority = 0
        var amounts: [ResourceAmount] = []
        /// The next limited group around the tasks.
        var group: Int?

        /// Whether nothing but places limits the attempts.
        var isUnlimited: Bool { amounts.isEmpty && group == nil }
        var isPlain: Bool { isUnlimited && priority == 0 }
    }

    struct Entry: Sendable {
        let task: Int
        /// Counts all that became ready in the run.
        let arrival: Int
    }

    let key: Key
    var entries = Fifo<Entry>()
    /// Whether it waits somewhere for its turn.
    var isPlaced = false

    init(_ key: Key) { self.key = key }

    /// Decides between the first ones of lines: the highest is next. Only for a line that is not empty.
    var rank: (priority: Int, age: Int) { (key.priority, -entries.first!.arrival) }

    mutating func clear() {
        entries = Fifo()
        isPlaced = false
    }
}
