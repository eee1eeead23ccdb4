public import Flowmancer

/// The result of ``runTask(_:parameters:sharedDict:isRestart:attempt:dependencies:resources:clock:)``.
public struct TaskRun: Sendable {
    /// The final state: ``ExecutionState/completed``, ``ExecutionState/failed`` or ``ExecutionState/aborted``.
    public let state: ExecutionState
    /// The messages that the task logged with `logger`, and the errors of its methods in words.
    public let log: [LogLine]
    /// The errors that methods of the task threw, in order.
    public let failures: [LifecycleFailure]
    /// What the task published. An attempt that did not succeed publishes nothing.
    public let outputs: TaskOutputValues
    /// The shared dictionary after the attempt.
    public let sharedDict: SharedDict

    /// The texts of ``log``.
    public var messages: [String] { log.map(\.message) }

    /// The error of `run`, if it threw one.
    public var error: (any Error)? { failures.first { $0.method == "run" }?.error }

    /// Throws ``TaskFailedError`` unless the task completed.
    @discardableResult
    public func requireSuccess() throws -> TaskRun {
        guard state == .completed else { throw TaskFailedError(state: state, failures: failures) }
        return self
    }
}

/// The error of a task that did not complete.
public struct TaskFailedError: Error, Sendable, CustomStringConvertible {
    /// The final state of the task.
    public let state: ExecutionState
    /// The errors that methods of the task threw.
    public let failures: [LifecycleFailure]

    /// The errors of all methods, a line each.
    public var description: String {
        (["the task ended as \(state)"] + failures.map { "  \($0)" }).joined(separator: "\n")
    }
}
