/// Decides when tasks that write wait for sinks that fall behind. A pure value, in which sinks go by their numbers.
///
/// A sink is awaited for a while each time that it has fallen behind. If it has not caught up by then, it is passed by:
/// tasks do not wait for it again before it has.
struct OutputPacing {
    private enum Standing {
        case keepingUp, awaited, passedBy
    }

    /// What is to be done.
    enum Step: Hashable {
        /// Stop (`true`) or resume reading what tasks write.
        case pause(Bool)
        /// Say when this sink has caught up, and when it was awaited long enough.
        case watch(Int)
        /// Say that this sink is too slow.
        case report(Int)
    }

    private var standings: [Standing]
    private var reported: Set<Int> = []
    private var isPaused = false

    init(sinks: Int) {
        standings = Array(repeating: .keepingUp, count: sinks)
    }

    /// Whether it matters that a sink has fallen behind.
    func isKeepingUp(_ sink: Int) -> Bool { standings[sink] == .keepingUp }

    /// A sink has fallen behind.
    mutating func noteCongestion(of sink: Int) -> [Step] {
        guard standings[sink] == .keepingUp else { return [] }
        standings[sink] = .awaited
        return [.watch(sink)] + pauseOrResume()
    }

    /// A sink was awaited long enough.
    mutating func noteElapsed(_ sink: Int) -> [Step] {
        guard standings[sink] == .awaited else { return [] }
        standings[sink] = .passedBy
        return (reported.insert(sink).inserted ? [.report(sink)] : []) + pauseOrResume()
    }

    /// A sink has caught up.
    mutating func noteRelief(of sink: Int) -> [Step] {
        standings[sink] = .keepingUp
        return pauseOrResume()
    }

    private mutating func pauseOrResume() -> [Step] {
        let wasPaused = isPaused
        isPaused = standings.contains(.awaited)
        return isPaused == wasPaused ? [] : [.pause(isPaused)]
    }
}
