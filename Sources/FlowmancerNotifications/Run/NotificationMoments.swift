public import FlowmancerCore

/// The parameters that decide when a notification is sent. All notifications have them.
public struct NotificationMoments: ParameterGroup, Sendable {
    /// Whether a message is sent when the run starts.
    @Parameter("Send a message when the job starts.")
    public var notifyOnCreate = true
    /// Whether a message is sent when the run succeeded.
    @Parameter("Send a message when the job succeeded.")
    public var notifyOnSuccess = true
    /// Whether a message is sent when the run failed.
    @Parameter("Send a message when the job failed.")
    public var notifyOnFailure = true
    /// Whether a message is sent when the run was aborted.
    @Parameter("Send a message when the job was aborted.")
    public var notifyOnAbort = true

    /// Creates a group in which all messages are sent.
    public init() {}
}
