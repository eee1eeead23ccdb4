import FlowmancerCore

/// Keeps the clocks of attempts under way: of their time limits, and of the grace that follows one.
///
/// Used on the event loop only.
final class AttemptDeadlines {
    private enum Deadline {
        case limit(EventLoop.Timer)
        /// The attempt was cancelled at its limit.
        case grace(EventLoop.Timer, limit: Duration)

        var timer: EventLoop.Timer {
            switch self {
            case .limit(let timer), .grace(let timer, _): timer
            }
        }
    }

    private let loop: EventLoop
    private let grace: Duration
    private var deadlines: [Int: Deadline] = [:]

    /// Creates the clocks of a run.
    ///
    /// - Parameter grace: How long an attempt has to end after its limit.
    init(on loop: EventLoop, grace: Duration) {
        self.loop = loop
        self.grace = grace
    }

    /// Calls back when the attempt under way reaches its limit.
    func beginLimit(of task: Int, _ limit: Duration, _ reached: @escaping () -> Void) {
        set(.limit(loop.schedule(after: limit, reached)), for: task)
    }

    /// Calls back, with what to say about it, when the grace after the limit is over.
    ///
    /// - Returns: What to say now.
    func beginGrace(of task: Int, limit: Duration, _ reached: @escaping (_ remark: String) -> Void) -> String {
        let grace = grace.text
        let timer = loop.schedule(after: self.grace) { [self] in
            deadlines[task] = nil
            reached(
                "The task exceeded its time limit of \(limit.text) and did not end within the grace period of \(grace), "
                    + "so it was killed."
            )
        }
        set(.grace(timer, limit: limit), for: task)
        return "The task exceeded its time limit of \(limit.text), so it is cancelled. It has \(grace) to end."
    }

    /// What to say about an attempt that ended, if it did so between its limit and the end of the grace.
    func remarkOnEnd(of task: Int) -> String? {
        guard case .grace(_, let limit) = deadlines[task] else { return nil }
        return "The task ended after it was cancelled, since it had exceeded its time limit of \(limit.text)."
    }

    /// Stops the clock of an attempt.
    func end(of task: Int) {
        deadlines.removeValue(forKey: task)?.timer.cancel()
    }

    /// Stops all clocks.
    func endAll() {
        for deadline in deadlines.values { deadline.timer.cancel() }
        deadlines = [:]
    }

    private func set(_ deadline: Deadline, for task: Int) {
        end(of: task)
        deadlines[task] = deadline
    }
}
