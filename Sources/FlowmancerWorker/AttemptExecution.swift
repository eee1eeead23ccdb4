import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import OrderedCollections
import Synchronization

/// One attempt of a task within a worker.
///
/// Its end is reported once: by `run` and what follows it, or, if that does not return after a cancellation, when an
/// ending on a fresh instance and `run` are both over.
final class AttemptExecution: Sendable {
    var id: UInt64 { attempt.id }
    private let attempt: WireAttempt
    private let type: (any FlowTask.Type)?
    private let context: FlowContext
    private let log: @Sendable (WireLogLine.Severity, String) -> Void
    private let report: @Sendable (AttemptOutcome, JSONText?) -> Void
    private let beginning = Mutex(Beginning.awaited)
    private let ending = Mutex(Ending.open)
    private let outputs = Mutex<JSONText?>(nil)

    private enum Beginning {
        case awaited
        /// Cancelled before it was started.
        case stillborn
        case started(Task<Void, Never>)
    }

    /// Who performs the ending: whoever claims it first.
    private enum Ending {
        /// `run` has not returned.
        case open
        /// The instance that ran.
        case regular
        /// A fresh instance. How many of both are under way.
        case substitute(underWay: Int)
    }

    /// - Parameters:
    ///   - type: The type of the task; `nil` if this program has none of that name.
    ///   - log: Takes remarks about the attempt.
    ///   - report: Called once, with how the attempt ended, and what the task published if it succeeded.
    init(
        _ attempt: WireAttempt,
        type: (any FlowTask.Type)?,
        context: FlowContext,
        log: @escaping @Sendable (WireLogLine.Severity, String) -> Void,
        report: @escaping @Sendable (AttemptOutcome, JSONText?) -> Void
    ) {
        self.attempt = attempt
        self.type = type
        self.context = context
        self.log = log
        self.report = report
    }

    /// Starts the attempt.
    ///
    /// - Parameter executor: Decides on the thread for each step of it.
    func start(on executor: any TaskExecutor) {
        FlowContext.processWide.withLock { $0 = context }
        beginning.withLock { beginning in
            let swiftTask = Task.detached(executorPreference: executor) {
                await FlowContext.$taskLocal.withValue(self.context) { self.finish(await self.execute()) }
            }
            if case .stillborn = beginning { swiftTask.cancel() }
            beginning = .started(swiftTask)
        }
    }

    /// Cancels the attempt, also before it has started.
    func cancel() {
        beginning.withLock { beginning in
            switch beginning {
            case .awaited, .stillborn: beginning = .stillborn
            case .started(let swiftTask): swiftTask.cancel()
            }
        }
    }

    /// Performs the ending of a cancelled attempt on a fresh instance, unless `run` has returned. The attempt is over when
    /// `run` returns, too: the engine gives it the rest of the grace period, and then kills the process.
    func endWithoutRun() {
        guard claim(.substitute(underWay: 2)) else { return }
        // The threads of the pool may all be taken by the task that does not end: this one is not of the pool.
        Task.detached(executorPreference: DispatchExecutor(label: "flowmancer.abort")) {
            self.log(.warning, "The task did not stop after it was cancelled. onAbort is called on a new instance.")
            await FlowContext.$taskLocal.withValue(self.context) {
                if let task = self.makeTask() { await self.lifecycle.executeAbort(task) }
            }
            self.finish(.aborted)
        }
    }

    private func execute() async -> AttemptOutcome {
        if let task = makeTask() { return await lifecycle.execute(task, claimEnding: { self.claim(.regular) }) }
        _ = claim(.regular)
        return .failed(.error)
    }

    private func claim(_ kind: Ending) -> Bool {
        ending.withLock { ending in
            guard case .open = ending else { return false }
            ending = kind
            return true
        }
    }

    /// Takes note that one of the instances is done.
    private func finish(_ outcome: AttemptOutcome) {
        let end: AttemptOutcome? = ending.withLock { ending in
            guard case .substitute(let count) = ending else { return outcome }
            ending = .substitute(underWay: count - 1)
            return count == 1 ? .aborted : nil
        }
        if let end { report(end, end == .succeeded ? outputs.withLock { $0 } : nil) }
    }

    private var lifecycle: TaskLifecycle {
        TaskLifecycle(isRestart: attempt.isRestart, publish: { try self.publish($0) }) { [log] step, error in
            log(.error, TaskLifecycle.remark(on: error, in: step))
        }
    }

    private func publish(_ values: TaskOutputs) throws {
        let json = try values.boundedJSON
        outputs.withLock { $0 = json }
    }

    /// The parameters were checked before the run began, so a failure here means that the environment changed.
    private func makeTask() -> (any FlowTask)? {
        guard let type else {
            log(.error, "This program has no task type '\(attempt.variant)'.")
            return nil
        }
        var issues: [JobIssue] = []
        let path = ParameterPath("tasks", attempt.taskName, "parameters")
        let task = ParameterBinder.make(type, from: OrderedDictionary(attempt.parameters), at: path, issues: &issues)
        for issue in issues { log(.error, issue.description) }
        return issues.isEmpty ? task : nil
    }
}
