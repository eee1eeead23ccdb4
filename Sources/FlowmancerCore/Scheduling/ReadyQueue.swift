internal import HeapModule

/// Attempts that want to start and ask for the same, the first one first.
///
/// Most become ready in just the order in which they start, and are only appended. The others are sorted.
struct ReadyQueue: Sendable {
    private var inOrder = Fifo<ReadyAttempt>()
    private var others = Heap<ReadyAttempt>()

    var isEmpty: Bool { inOrder.isEmpty && others.isEmpty }

    var first: ReadyAttempt? {
        guard let other = others.min else { return inOrder.first }
        guard let next = inOrder.first else { return other }
        return min(next, other)
    }

    mutating func insert(_ attempt: ReadyAttempt) {
        if let last = inOrder.last, attempt < last { others.insert(attempt) } else { inOrder.append(attempt) }
    }

    mutating func popFirst() -> ReadyAttempt? {
        guard let other = others.min else { return inOrder.popFirst() }
        guard let next = inOrder.first, next < other else { return others.popMin() }
        return inOrder.popFirst()
    }
}
