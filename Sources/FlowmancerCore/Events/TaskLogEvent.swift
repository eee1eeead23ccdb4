public import struct FoundationEssentials.Date

/// Output of a task or its child processes.
///
/// For every attempt, a logger receives one ``Kind-swift.struct/start``, then the lines of the attempt in the order of
/// their arrival, then one ``Kind-swift.struct/end``.
public struct TaskLogEvent: Sendable, Hashable {
    /// What happened.
    ///
    /// New versions may add kinds. Ignore an event whose kind you do not know.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String { case start, line, end }

        private let value: Value

        /// An attempt started.
        public static var start: Self { Self(value: .start) }
        /// The attempt, or a process that it started, wrote a line: ``TaskLogEvent/message``.
        public static var line: Self { Self(value: .line) }
        /// The attempt ended. None of its lines follow.
        public static var end: Self { Self(value: .end) }

        /// The name of the kind, such as `line`.
        public var description: String { value.rawValue }
    }

    /// The id of the run.
    public var runID: RunID
    /// The name of the job.
    public var jobName: String
    /// The name of the task, as the job file gives it.
    public var taskName: String
    /// The name of the group that the task is a member of: `load` for `load[eu]`, `publish` for `publish/build`. `nil` for a
    /// task of no group.
    public var groupName: String?
    /// When the engine received the output.
    public var timestamp: Date
    /// The attempt that wrote the line, from 1.
    public var attempt: Int
    /// What happened.
    public var kind: Kind
    /// How much a line matters. Standard output has the severity ``Severity/info``, standard error has
    /// ``Severity/error``.
    public var severity: Severity
    /// A printed line without its line feed, or a logged message, which can contain line feeds. Empty for events that
    /// are no lines.
    public var message: String
    /// The metadata of a message that was logged through swift-log; empty for printed lines.
    public var metadata: [String: String]
    /// The bytes of a line that is not valid UTF-8, whose `message` has replacement characters; otherwise empty.
    public var rawBytes: [UInt8]

    /// Creates an event; tests of loggers need this.
    public init(
        runID: RunID = .unknown,
        jobName: String,
        taskName: String,
        groupName: String? = nil,
        timestamp: Date,
        attempt: Int,
        kind: Kind,
        severity: Severity = .info,
        message: String = "",
        metadata: [String: String] = [:],
        rawBytes: [UInt8] = []
    ) {
        self.runID = runID
        self.jobName = jobName
        self.taskName = taskName
        self.groupName = groupName
        self.timestamp = timestamp
        self.attempt = attempt
        self.kind = kind
        self.severity = severity
        self.message = message
        self.metadata = metadata
        self.rawBytes = rawBytes
    }
}
