import FlowmancerEngine

/// The result of a run.
public struct RunResult: Sendable {
    /// The id of the run.
    public let runID: RunID
    /// The final state of every task by name.
    public let states: [String: ExecutionState]

    package init(runID: RunID, states: [(task: String, state: ExecutionState)]) {
        self.runID = runID
        self.states = Dictionary(uniqueKeysWithValues: states.map { ($0.task, $0.state) })
    }

    /// How many tasks failed, were aborted, or did not run because a dependency failed.
    public var failureCount: Int { states.values.count(where: \.countsAsFailure) }

    /// The exit code for your program: ``failureCount``, but at most 98.
    public var exitCode: Int32 { Int32(min(failureCount, 98)) }

    /// Throws ``JobFailedError`` unless every task completed or was skipped.
    ///
    /// Use this in functions that throw. In top-level code, where an error is a trap, use `exit(result.exitCode)` instead.
    public func requireSuccess() throws {
        if failureCount > 0 { throw JobFailedError(result: self) }
    }

    /// The outcome in words: "1 failed, 2 not run since a dependency failed".
    package var summary: String {
        ExecutionState.summary { state in states.values.count { $0 == state } }
    }
}

/// A run in which tasks failed.
public struct JobFailedError: Error, Sendable, CustomStringConvertible {
    /// How the run ended.
    public let result: RunResult

    /// The outcome in words.
    public var description: String { "the job failed: \(result.summary)" }
}
