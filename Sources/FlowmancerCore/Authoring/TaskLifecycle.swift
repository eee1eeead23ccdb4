/// Executes one attempt of a task: the lifecycle methods, in order, and what follows from their errors.
package struct TaskLifecycle: Sendable {
    /// A step of the lifecycle, under the name that a task's author knows it by.
    package enum Step: String, Sendable {
        case onCreate, onRestart, run, onSuccess, onFailure, onAbort, onDestroy
        /// What the task published is collected.
        case publishing
    }

    private let isRestart: Bool
    private let publish: @Sendable (TaskOutputs) throws -> Void
    private let report: @Sendable (Step, any Error) -> Void

    /// Creates a lifecycle.
    ///
    /// - Parameters:
    ///   - isRestart: Whether ``FlowTask/onRestart()`` is called.
    ///   - publish: Receives what the task published, if that is anything. It counts only if the attempt succeeds. If this
    ///     throws, the attempt fails.
    ///   - report: Receives every error that a method throws.
    package init(
        isRestart: Bool,
        publish: @escaping @Sendable (TaskOutputs) throws -> Void = { _ in },
        report: @escaping @Sendable (Step, any Error) -> Void
    ) {
        self.isRestart = isRestart
        self.publish = publish
        self.report = report
    }

    /// Executes an attempt. It is aborted by cancelling the Swift task that it runs in.
    ///
    /// - Parameters:
    ///   - task: A fresh instance.
    ///   - claimEnding: Called once, after `run` and before what follows it: whether the ending is still this attempt's
    ///     to perform. It is not if an abort waited in vain and was handed to another instance.
    package func execute(_ task: any FlowTask, claimEnding: @Sendable () -> Bool = { true }) async -> AttemptOutcome {
        var task = task
        var failure: FailureKind?

        func perform(_ step: Step, _ body: () async throws -> Void) async {
            do {
                try await body()
            } catch is CancellationError where Task.isCancelled {
                failure = failure ?? .error
            } catch {
                failure = FailureKind(failure, then: error)
                report(step, error)
            }
        }

        await perform(.onCreate) { try await task.onCreate() }
        if failure == nil, isRestart { await perform(.onRestart) { try await task.onRestart() } }
        if failure == nil { await perform(.run) { try await task.run() } }

        guard claimEnding() else { return .aborted }
        let isAborted = Task.isCancelled
        if isAborted {
            await perform(.onAbort) { try await task.onAbort() }
        } else if failure != nil {
            await perform(.onFailure) { try await task.onFailure() }
        } else {
            await perform(.onSuccess) { try await task.onSuccess() }
            if failure == nil {
                await perform(.publishing) {
                    let outputs = try TaskOutputs(of: task)
                    if !outputs.isEmpty { try publish(outputs) }
                }
            }
            if failure != nil { await perform(.onFailure) { try await task.onFailure() } }
        }
        await perform(.onDestroy) { try await task.onDestroy() }
        return isAborted ? .aborted : failure.map(AttemptOutcome.failed) ?? .succeeded
    }

    /// Executes the ending of an aborted attempt whose `run` does not return.
    package func executeAbort(_ task: any FlowTask) async {
        var task = task
        do { try await task.onAbort() } catch { report(.onAbort, error) }
        do { try await task.onDestroy() } catch { report(.onDestroy, error) }
    }

    /// The words in which the log of an attempt speaks of an error.
    package static func remark(on error: any Error, in step: Step) -> String {
        let text = error.inWords
        let typeName = "\(Swift.type(of: error))"
        let isPlain = error is any PlainError || text.contains(typeName)
        return "\(step.rawValue) failed: \(isPlain ? text : "\(typeName): \(text)")"
    }

    /// Returns why an attempt failed, from such a remark: the error itself, and the method only if it is not `run`.
    package static func reason(from remark: String) -> String {
        let prefix = "\(Step.run.rawValue) failed: "
        return remark.hasPrefix(prefix) ? String(remark.dropFirst(prefix.count)) : remark
    }
}
