/// The moment of a run that a message is about.
public enum NotificationMoment: String, Sendable, Hashable, CaseIterable {
    /// The run started, or was restarted.
    case started
    /// Every task completed, was skipped, or failed as it may.
    case succeeded
    /// A task failed that may not.
    case failed
    /// The run was aborted.
    case aborted
}

/// A message about a run.
public struct NotificationMessage: Sendable {
    package let wording: NotificationWording

    /// The moment that the message is about.
    public var moment: NotificationMoment { wording.moment }
    /// The message on one line.
    public var title: String { wording.title }
    /// The whole message: the duration, the number of tasks by state, the failed tasks with the last lines of their
    /// logs, and the command that continues the run.
    public var text: String { text(maximumLength: 20_000) }

    package init(_ wording: NotificationWording) {
        self.wording = wording
    }

    /// Returns the whole message, with fewer details if it would be too long.
    ///
    /// - Parameter maximumLength: The maximum number of characters.
    public func text(maximumLength: Int) -> String { wording.text(maximumLength: maximumLength) }
}
