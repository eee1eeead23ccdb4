/// An error that a method of a task threw.
public struct LifecycleFailure: Sendable, CustomStringConvertible {
    /// The name of the task in its job.
    public let task: String
    /// The number of the attempt, from 1.
    public let attempt: Int
    /// The method: `run`, `onCreate` and so on.
    public let method: String
    /// What it threw.
    public let error: any Error

    /// The error in words, as the log of a real run has it.
    public var description: String { "\(task), attempt \(attempt): \(method) failed: \(error.inWords)" }
}
