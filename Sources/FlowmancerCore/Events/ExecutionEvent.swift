public import struct FoundationEssentials.Date

/// A change of the state of a task.
///
/// Every extension receives every change of state of a run, in the order in which they happened.
public struct ExecutionEvent: Sendable, Hashable {
    /// The id of the run.
    public var runID: RunID
    /// The name of the job.
    public var jobName: String
    /// The name of the task, as the job file gives it.
    public var taskName: String
    /// The name of the group that the task is a member of: `load` for `load[eu]`, `publish` for `publish/build`. `nil` for a
    /// task of no group.
    public var groupName: String?
    /// When the state changed.
    public var timestamp: Date
    /// The number of the attempt that the change belongs to, starting at 1; 0 before the first attempt.
    public var attempt: Int
    /// The state that the task left.
    public var from: ExecutionState
    /// The state that the task entered.
    public var to: ExecutionState
    /// Why the state changed, in words that follow on a colon: "its dependency 'load' failed". `nil` if that is clear from
    /// the states, as at the beginning and mostly at the end of an attempt.
    public var reason: String?
    /// Whether the task failed and may: such a failure is none of the job. See ``TaskDefinition/allowsFailure``.
    public var isAllowedFailure: Bool
    /// Why the attempt failed or was aborted, and its last lines; `nil` if the event is not the end of such an attempt.
    public var failure: AttemptFailure?
    /// The machine of an executor that executes the attempt which begins or ends; `nil` for the machine of the engine, and
    /// for other changes.
    public var machine: String?

    /// Creates an event; tests of extensions need this.
    public init(
        runID: RunID = .unknown,
        jobName: String,
        taskName: String,
        groupName: String? = nil,
        timestamp: Date,
        attempt: Int,
        from: ExecutionState,
        to: ExecutionState,
        reason: String? = nil,
        isAllowedFailure: Bool = false,
        failure: AttemptFailure? = nil,
        machine: String? = nil
    ) {
        self.runID = runID
        self.jobName = jobName
        self.taskName = taskName
        self.groupName = groupName
        self.timestamp = timestamp
        self.attempt = attempt
        self.from = from
        self.to = to
        self.reason = reason
        self.isAllowedFailure = isAllowedFailure
        self.failure = failure
        self.machine = machine
    }
}
