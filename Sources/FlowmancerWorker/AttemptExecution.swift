import Dispatch
import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import OrderedCollections
import Synchronization

/// One attempt of a task within a worker.
final class AttemptExecution: Sendable {
    var id: UInt64 { attempt.id }
    private let attempt: WireAttempt
    private let type: (any FlowTask.Type)?
    private let context: FlowContext
    private let log: @Sendable (WireLogLine.Severity, String) -> Void
    private let ending = Mutex(Ending.open)
    private let phase = Mutex(Phase.waiting)

    private enum Phase {
        case waiting
        /// Cancelled before it was started.
        case stillborn
        case started(Task<Void, Never>)
    }

    /// Who performs the end of the attempt: whoever claims it first.
    private enum Ending {
        /// `run` has not returned.
        case open
        /// As for any attempt, once `run` has returned.
        case regular
        /// On a fresh instance, since `run` did not return in time; the attempt is over when both are. How many of them
        /// are under way.
        case substitute(underWay: Int)
    }

    typealias Completion = @Sendable (AttemptOutcome) -> Void

    private let completion = Mutex<Completion?>(nil)

    init(
        _ attempt: WireAttempt,
        type: (any FlowTask.Type)?,
        context: FlowContext,
        log: @escaping @Sendable (WireLogLine.Severity, String) -> Void
    ) {
        self.attempt = attempt
        self.type = type
        self.context = context
        self.log = log
    }

    /// Starts the attempt.
    ///
    /// - Parameter executor: Decides on the thread for each step of it.
    func start(on executor: any TaskExecutor, _ completion: @escaping Completion) {
        self.completion.withLock { $0 = completion }
        FlowContext.processWide.withLock { $0 = context }
        phase.withLock { phase in
            let swiftTask = Task.detached(executorPreference: executor) {
                await FlowContext.$taskLocal.withValue(self.context) {
                    guard let task = self.makeTask() else { return self.complete(.failed) }
                    let outcome = await self.lifecycle.execute(task, claimEnding: { self.claim(.regular) })
                    if self.isAborting { self.finishPart() } else { self.complete(outcome) }
                }
            }
            if case .stillborn = phase { swiftTask.cancel() }
            phase = .started(swiftTask)
        }
    }

    /// Cancels the attempt; its end is performed on a fresh instance if `run` does not return in time. Whoever kills the
    /// process when the grace period is over gives `run` the rest of it.
    func abort(endingAfter patience: Duration) {
        phase.withLock { phase in
            switch phase {
            case .waiting, .stillborn: phase = .stillborn
            case .started(let swiftTask): swiftTask.cancel()
            }
        }
        DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(patience / .milliseconds(1)))) {
            guard self.claim(.substitute(underWay: 2)) else { return }
            // The threads of the pool may all be taken by the task that does not end: this one is not of the pool.
            Task.detached(executorPreference: DispatchExecutor(label: "flowmancer.abort")) {
                self.log(.warning, "The task did not stop after it was cancelled. onAbort is called on a new instance.")
                await FlowContext.$taskLocal.withValue(self.context) {
                    if let task = self.makeTask() { await self.lifecycle.executeAbort(task) }
                }
                self.finishPart()
            }
        }
    }

    private func claim(_ kind: Ending) -> Bool {
        ending.withLock { ending in
            guard case .open = ending else { return false }
            ending = kind
            return true
        }
    }

    /// Whether the end is performed on a fresh instance.
    private var isAborting: Bool { ending.withLock { if case .substitute = $0 { true } else { false } } }

    /// Takes note that `run`, or the end on a fresh instance, is over.
    private func finishPart() {
        let isLast = ending.withLock { ending in
            guard case .substitute(let count) = ending else { return false }
            ending = .substitute(underWay: count - 1)
            return count == 1
        }
        if isLast { complete(.aborted) }
    }

    private func complete(_ outcome: AttemptOutcome) {
        let completion = completion.withLock { completion in
            defer { completion = nil }
            return completion
        }
        completion?(outcome)
    }

    private var lifecycle: TaskLifecycle {
        TaskLifecycle(isRestart: attempt.isRestart) { [log] step, error in
            log(.error, TaskLifecycle.remark(on: error, in: step))
        }
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
