public import Flowmancer

/// What became of a task that ``runTask(_:parameters:sharedDict:isRestart:attempt:clock:)`` executed.
public struct TaskRun: Sendable {
    /// ``ExecutionState/completed``, ``ExecutionState/failed`` or ``ExecutionState/aborted``.
    public let state: ExecutionState
    /// What the task logged with `logger`, and the errors of its methods in words.
    public let log: [LogLine]
    /// The errors of its methods, in order.
    public let failures: [LifecycleFailure]
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

/// A task that did not complete.
public struct TaskFailedError: Error, Sendable, CustomStringConvertible {
    /// How it ended.
    public let state: ExecutionState
    /// What its methods threw.
    public let failures: [LifecycleFailure]

    /// The errors of all methods, a line each.
    public var description: String {
        (["the task ended as \(state)"] + failures.map { "  \($0)" }).joined(separator: "\n")
    }
}
