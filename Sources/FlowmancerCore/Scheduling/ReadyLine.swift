/// Attempts that want to start and ask for the same.
struct ReadyLine: Sendable {
    struct Key: Sendable, Hashable {
        var amounts: [ResourceAmount] = []
        /// The next limited group around the tasks.
        var group: Int?

        /// Whether nothing but places limits the attempts.
        var isUnlimited: Bool { amounts.isEmpty && group == nil }
    }

    let key: Key
    var attempts = ReadyQueue()
    /// Whether it waits somewhere for its turn.
    var isPlaced = false

    init(_ key: Key) { self.key = key }

    mutating func clear() {
        attempts = ReadyQueue()
        isPlaced = false
    }
}
