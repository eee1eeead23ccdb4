/// An error that a method of a task threw.
public struct LifecycleFailure: Sendable, CustomStringConvertible {
    /// The name of the task in its job.
    public let task: String
    /// The number of the attempt, starting at 1.
    public let attempt: Int
    /// The name of the method, such as `run` or `onCreate`.
    public let method: String
    /// The error.
    public let error: any Error

    /// The error in words, as in the log of a real run.
    public var description: String { "\(task), attempt \(attempt): \(method) failed: \(error.inWords)" }
}
