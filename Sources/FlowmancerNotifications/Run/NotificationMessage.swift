/// When people are told of a run.
public enum NotificationMoment: String, Sendable, Hashable, CaseIterable {
    /// The run begins, or goes on where an earlier one stopped.
    case started
    /// Every task completed or was left out on request.
    case succeeded
    /// A task failed.
    case failed
    /// The run was aborted.
    case aborted
}

/// What people are told at one moment of a run.
public struct NotificationMessage: Sendable {
    package let wording: NotificationWording

    /// When people are told.
    public var moment: NotificationMoment { wording.moment }
    /// The news on one line.
    public var title: String { wording.title }
    /// The whole: the duration, how many tasks ended how, what failed with the last lines it wrote, and how to go on.
    public var text: String { text(maximumLength: 20_000) }

    package init(_ wording: NotificationWording) {
        self.wording = wording
    }

    /// Returns the whole, with fewer details where there is no room for all.
    ///
    /// - Parameter maximumLength: How many characters it may have.
    public func text(maximumLength: Int) -> String { wording.text(maximumLength: maximumLength) }
}
