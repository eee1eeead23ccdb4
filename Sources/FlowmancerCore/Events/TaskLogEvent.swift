public import struct FoundationEssentials.Date

/// Output of a task or its child processes.
///
/// For every attempt, a logger receives one ``Kind-swift.enum/start``, then the lines of the attempt in the order of their
/// arrival, then one ``Kind-swift.enum/end``.
public struct TaskLogEvent: Sendable, Hashable {
    /// What happened.
    public enum Kind: Sendable, Hashable {
        /// An attempt started.
        case start
        /// A printed line without its line feed, or a logged message, which can contain line feeds.
        ///
        /// Standard output has the severity ``Severity/info``, standard error has ``Severity/error``.
        case write(severity: Severity, message: String)
        /// The attempt ended. None of its lines follow.
        case end
    }

    /// The name of the job.
    public var jobName: String
    /// The name of the task, as the job file gives it.
    public var taskName: String
    /// When the engine received the output.
    public var timestamp: Date
    /// The attempt that wrote the line, from 1.
    public var attempt: Int
    /// What happened.
    public var kind: Kind
    /// The metadata of a message that was logged through swift-log; empty for printed lines.
    public var metadata: [String: String]
    /// The bytes of a line that is not valid UTF-8, whose `message` has replacement characters; otherwise empty.
    public var rawBytes: [UInt8]

    /// Creates an event; tests of loggers need this.
    public init(
        jobName: String,
        taskName: String,
        timestamp: Date,
        attempt: Int,
        kind: Kind,
        metadata: [String: String] = [:],
        rawBytes: [UInt8] = []
    ) {
        self.jobName = jobName
        self.taskName = taskName
        self.timestamp = timestamp
        self.attempt = attempt
        self.kind = kind
        self.metadata = metadata
        self.rawBytes = rawBytes
    }
}
