import FlowmancerEngine

/// The result of a run.
public struct RunResult: Sendable {
    /// The id of the run.
    public let runID: RunID
    /// The final state of every task by name.
    public let states: [String: ExecutionState]
    /// The names of the tasks that failed, which they may, in the order of the job. See ``TaskDefinition/allowsFailure``.
    public let allowedFailures: [String]

    package init(runID: RunID, tasks: [String], _ outcome: RunOutcome) {
        self.runID = runID
        states = Dictionary(uniqueKeysWithValues: zip(tasks, outcome.states))
        allowedFailures = outcome.allowedFailures.map { tasks[$0] }
    }

    /// How many tasks failed, were aborted, or did not run because a dependency failed. Failures that are allowed do not
    /// count.
    public var failureCount: Int { states.values.count(where: \.countsAsFailure) - allowedFailures.count }

    /// The exit code for your program: ``failureCount``, but at most 98.
    public var exitCode: Int32 { Int32(min(failureCount, 98)) }

    /// Throws ``JobFailedError`` unless every task completed, was skipped, or failed as it may.
    ///
    /// Use this in functions that throw. In top-level code, where an error is a trap, use `exit(result.exitCode)` instead.
    public func requireSuccess() throws {
        if failureCount > 0 { throw JobFailedError(result: self) }
    }

    /// The outcome in words: "1 failed, 2 not run since a dependency failed".
    package var summary: String {
        ExecutionState.summary(allowedFailures: allowedFailures, of: allowedFailures.count) { state in
            states.values.count { $0 == state } - (state == .failed ? allowedFailures.count : 0)
        }
    }
}

/// A run in which tasks failed.
public struct JobFailedError: Error, Sendable, CustomStringConvertible {
    /// How the run ended.
    public let result: RunResult

    /// The outcome in words.
    public var description: String { "the job failed: \(result.summary)" }
}
