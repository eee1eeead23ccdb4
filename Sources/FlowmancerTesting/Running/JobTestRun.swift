public import Flowmancer
import FlowmancerCore

/// The result of ``runJob(_:selection:from:sharedDict:clock:loggers:extensions:catalog:)``.
public struct JobTestRun: Sendable {
    /// The final state of every task and the exit code, as in a real run.
    public let result: RunResult
    /// All changes of state, in order.
    public let events: [ExecutionEvent]
    /// The events that loggers receive: the start, the lines and the end of every attempt.
    public let log: [TaskLogEvent]
    /// The errors that methods of tasks threw, in order.
    public let failures: [LifecycleFailure]
    /// The errors that the loggers and extensions threw, which never fail a job.
    public let pluginErrors: [any Error]
    /// The shared dictionary after the run.
    public let sharedDict: SharedDict
    /// The checkpoint that a real run would have stored at its end. Pass it to ``runJob(_:selection:from:sharedDict:clock:loggers:extensions:catalog:)``
    /// to test a restart.
    public let checkpoint: CheckpointContents

    /// The final state of every task by name.
    public var states: [String: ExecutionState] { result.states }

    /// Returns the messages that a task logged, in order.
    ///
    /// - Parameter attempt: The number of an attempt; by default, the messages of all attempts are returned.
    public func messages(of task: String, attempt: Int? = nil) -> [String] {
        log.compactMap { event in
            let isMeant = event.taskName == task && (attempt == nil || event.attempt == attempt)
            return isMeant && event.kind == .line ? event.message : nil
        }
    }

    /// Returns what a task published: `try run.outputs(of: "load").get("rows", as: Int.self)`.
    ///
    /// It is empty for a task that did not complete, and for one that is not in the job. A task that a restart kept has what it
    /// published before.
    public func outputs(of task: String) -> TaskOutputValues { TaskOutputValues(checkpoint.outputs[task]) }

    /// Returns the states of a task in order, including the first one.
    public func path(of task: String) -> [ExecutionState] {
        let own = events.filter { $0.taskName == task }
        return (own.first.map { [$0.from] } ?? []) + own.map(\.to)
    }

    /// Throws ``JobTestFailedError`` unless every task completed, was skipped, or failed as it may.
    @discardableResult
    public func requireSuccess() throws -> JobTestRun {
        guard result.failureCount == 0 else { throw JobTestFailedError(result: result, failures: failures) }
        return self
    }
}

/// The error of a job in which tasks did not complete.
public struct JobTestFailedError: Error, Sendable, CustomStringConvertible {
    /// The final state of every task by name.
    public let states: [String: ExecutionState]
    /// The errors that methods of tasks threw.
    public let failures: [LifecycleFailure]
    private let allowed: Set<String>

    init(result: RunResult, failures: [LifecycleFailure]) {
        states = result.states
        allowed = Set(result.allowedFailures)
        self.failures = failures
    }

    /// The tasks that made the job a failed one, and all errors, a line each.
    public var description: String {
        let tasks = states.filter { $0.value.countsAsFailure && !allowed.contains($0.key) }.sorted { $0.key < $1.key }
        return
            (["the job failed: " + tasks.map { "\($0.key) is \($0.value)" }.joined(separator: ", ")]
            + failures.map { "  \($0)" }).joined(separator: "\n")
    }
}
