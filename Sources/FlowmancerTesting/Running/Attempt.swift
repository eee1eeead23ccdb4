import Flowmancer
import FlowmancerCore
import Logging
import OrderedCollections
import Synchronization

/// One attempt of a task, in this process.
struct Attempt: Sendable {
    /// The values of the parameters.
    let parameters: OrderedDictionary<String, ParameterValue>
    let type: any FlowTask.Type
    let metadata: TaskMetadata
    let sharedDict: SharedDict
    let clock: any Clock<Duration>

    /// Executes the attempt; cancelling the Swift task that calls this aborts it.
    ///
    /// - Parameters:
    ///   - log: Receives what is logged.
    ///   - remark: Receives errors in words, as the log of a real run has them.
    ///   - publish: Receives what the task publishes, which counts if the attempt succeeds.
    ///   - fail: Receives every error that a method throws.
    func execute(
        log: @escaping @Sendable (LogLine) -> Void,
        remark: @escaping @Sendable (String) -> Void,
        publish: @escaping @Sendable (JSONText) -> Void,
        fail: @escaping @Sendable (LifecycleFailure) -> Void
    ) async -> AttemptOutcome {
        var context = FlowContext(
            metadata: metadata,
            sharedDict: sharedDict,
            logger: Logging.Logger(label: metadata.name) { _ in CapturingLogHandler(receive: log) }
        )
        context.clock = clock
        let take: @Sendable (TaskOutputs) throws -> Void = { publish(try $0.boundedJSON) }
        context.publish = take
        let lifecycle = TaskLifecycle(isRestart: metadata.isRestart, publish: take) { [metadata] step, error in
            remark(TaskLifecycle.remark(on: error, in: step))
            fail(
                LifecycleFailure(
                    task: metadata.name,
                    attempt: metadata.attempt,
                    method: step.rawValue,
                    error: error
                )
            )
        }
        return await FlowContext.$taskLocal.withValue(context) {
            var issues: [JobIssue] = []
            let task = makeTask(&issues)
            for issue in issues { remark(issue.description) }
            return issues.isEmpty ? await lifecycle.execute(task) : .failed(.error)
        }
    }

    private func makeTask(_ issues: inout [JobIssue]) -> any FlowTask {
        let (type, path) = (type, ParameterPath("tasks", metadata.name, "parameters"))
        return ParameterBinder.make(type, from: parameters, at: path, issues: &issues)
    }
}
