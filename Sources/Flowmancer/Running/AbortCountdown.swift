import FlowmancerTerminal
import FoundationEssentials

/// Says below the progress display how long an aborted run still waits for its tasks.
struct AbortCountdown: Sendable {
    private let end: Date
    private let nextPress: String

    /// Begins to count.
    ///
    /// - Parameter isOnRequest: Whether people asked for the abort, which they do by pressing Ctrl-C.
    init(grace: Duration, isOnRequest: Bool = true) {
        nextPress = isOnRequest ? "Ctrl-C again" : "Ctrl-C"
        end = Date().addingTimeInterval(grace / .seconds(1))
    }

    /// Returns the line for a moment.
    func line(at now: Date) -> String {
        let remaining = max(0, end.timeIntervalSince(now).rounded(.up))
        return
            "Aborting: running tasks are killed in \(ProgressRenderer.clock(remaining)), or when you press \(nextPress)."
    }
}
