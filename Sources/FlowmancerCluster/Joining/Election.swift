internal import Synchronization

/// Which of several connections with the same engine is used: the first that is ready.
final class Election: Sendable {
    private let isDecided = Atomic(false)

    /// Whether one has won.
    var isOver: Bool { isDecided.load(ordering: .relaxed) }

    /// Tries to win.
    ///
    /// - Returns: Whether it is the first.
    func win() -> Bool { !isDecided.exchange(true, ordering: .relaxed) }
}
