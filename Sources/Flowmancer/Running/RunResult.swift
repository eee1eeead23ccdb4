import FlowmancerEngine

/// The result of a run.
public struct RunResult: Sendable {
    /// The id of the run.
    public let runID: RunID
    /// The final state of every task by name.
    public let states: [String: ExecutionState]
    /// The names of the tasks that failed, which they may, in the order of the job. See ``TaskDefinition/allowsFailure``.
    public let allowedFailures: [String]
    /// The names of the tasks that completed without running since they were up to date, in the order of the job. See
    /// ``TaskDefinition/reuse``.
    public let upToDate: [String]
    /// The time limit of the run, if the run exceeded it and was aborted; see ``JobConfiguration/timeout``.
    public let exceededTimeLimit: Duration?

    package init(runID: RunID, _ outcome: RunOutcome) {
        self.runID = runID
        exceededTimeLimit = outcome.exceededLimit
        states = Dictionary(uniqueKeysWithValues: zip(outcome.names, outcome.states))
        allowedFailures = outcome.allowedFailures.map { outcome.names[$0] }
        upToDate = outcome.upToDate.map { outcome.names[$0] }
    }

    /// How many tasks failed, were aborted, or did not run because a dependency failed. Failures that are allowed do not
    /// count.
    public var failureCount: Int { states.values.count(where: \.countsAsFailure) - allowedFailures.count }

    /// The exit code for your program: ``failureCount``, but at most 98; 99 if a run that exceeded its time limit did not
    /// complete everything.
    public var exitCode: Int32 { failureCount > 0 && exceededTimeLimit != nil ? 99 : Int32(min(failureCount, 98)) }

    /// Throws ``JobFailedError`` unless every task completed, was skipped, or failed as it may.
    ///
    /// Use this in functions that throw. In top-level code, where an error is a trap, use `exit(result.exitCode)` instead.
    public func requireSuccess() throws {
        if failureCount > 0 { throw JobFailedError(result: self) }
    }

    /// The outcome in words: "1 failed, 2 not run because other tasks failed".
    package var summary: String {
        ExecutionState.summary(
            allowedFailures: allowedFailures,
            of: allowedFailures.count,
            upToDate: upToDate.count
        ) { state in
            states.values.count { $0 == state } - (state == .failed ? allowedFailures.count : 0)
        }
    }
}

/// A run in which tasks failed.
public struct JobFailedError: Error, Sendable, CustomStringConvertible {
    /// How the run ended.
    public let result: RunResult

    /// The outcome in words.
    public var description: String {
        let cause = result.exceededTimeLimit.map { "the run exceeded its time limit of \($0.text)" } ?? "the job failed"
        return "\(cause): \(result.summary)"
    }
}
