import FlowmancerEngine

/// How a run ended.
public struct RunResult: Sendable {
    /// The final state of every task by name.
    public let states: [String: ExecutionState]

    package init(states: [(task: String, state: ExecutionState)]) {
        self.states = Dictionary(uniqueKeysWithValues: states.map { ($0.task, $0.state) })
    }

    /// How many tasks did not do their work: those that failed, were aborted, or did not run since a dependency failed.
    public var failureCount: Int { states.values.count(where: \.countsAsFailure) }

    /// The exit code for the process: ``failureCount``, but at most 98.
    public var exitCode: Int32 { Int32(min(failureCount, 98)) }

    /// Throws ``JobFailedError`` unless every task completed or was skipped.
    ///
    /// This is for functions that throw. Top-level code, where an error is a trap, ends with `exit(result.exitCode)`.
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

/// A run that could not begin or go on, though its job is valid.
public struct JobRunError: Error, Sendable, CustomStringConvertible {
    /// What kept the run from beginning or going on.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
