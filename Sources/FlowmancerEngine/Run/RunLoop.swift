import FlowmancerCore
import FlowmancerFaults
import FlowmancerWire
import FoundationEssentials

/// The run itself: feeds the scheduler what happens, records its decisions, and carries them out.
///
/// Everything here happens on one event loop, in turns: what arrived is decided on together, recorded with one write,
/// and only then acted on.
final class RunLoop {
    private let loop: EventLoop
    private let job: JobDefinition
    private let graph: TaskGraph
    private let attempts: AttemptMessages
    private let jobFile: String?
    private let leftOut: [String: ExecutionState]
    private let plugins: PluginSet
    private let report: @Sendable (RunNotice) -> Void
    private let finished: (Result<[ExecutionState], RunFailure>) -> Void

    private var scheduler: Scheduler
    private var shared: SharedDictDesk!
    private var pool: WorkerPool!
    private var output: OutputPublisher!
    private(set) var recorder: ProgressRecorder!
    private let deadlines: AttemptDeadlines

    private var inbox: [Input] = []
    private var isTurnScheduled = false
    private var running: Set<Int> = []
    private var abortStage = AbortStage.none
    private var isFinished = false

    private enum Input {
        case event(SchedulerEvent)
        case shared(SharedDictDesk.Request)
    }

    private enum AbortStage {
        case none, cancelling, killing
    }

    init(
        _ setup: Setup,
        on thread: EventLoopThread,
        loop: EventLoop,
        finished: @escaping (Result<[ExecutionState], RunFailure>) -> Void
    ) {
        self.loop = loop
        job = setup.job
        graph = setup.graph
        attempts = setup.attempts
        jobFile = setup.jobFile
        leftOut = setup.leftOut
        scheduler = setup.scheduler
        plugins = setup.plugins
        report = setup.report
        self.finished = finished
        deadlines = AttemptDeadlines(on: loop, grace: setup.job.configuration.abortGrace)
        shared = SharedDictDesk(setup.shared) { [unowned self] key in
            loop.schedule(after: SharedDictDesk.patience) { [self] in post(.shared(.check(key: key))) }
        }
        pool = WorkerPool(
            loop: loop,
            limit: setup.limit,
            cores: setup.cores,
            earlyKeeper: setup.keeper,
            masker: setup.masker,
            delegate: self
        )
        output = OutputPublisher(
            setup.job,
            graph: graph,
            plugins: plugins,
            masker: setup.masker,
            on: thread,
            loop: loop,
            report: report,
            pause: { [unowned self] in pool.pauseOutput($0) }
        )
        recorder = ProgressRecorder(
            thread: thread,
            loop: loop,
            checkpointer: setup.checkpointer,
            journal: setup.journal,
            configuration: setup.job.configuration,
            report: setup.report,
            snapshot: { [unowned self] in snapshot() },
            resumed: { [unowned self] in turn() }
        )
    }

    /// Begins the run.
    func begin() {
        pool.open()
        guard !isFinished else { return }
        post(.event(.begin))
    }

    /// Ends the run early: the first call cancels what runs, the next one kills it.
    func abort() {
        guard !isFinished else { return }
        pool.takeReports()
        // What workers took up is running, also if that was not decided on yet.
        turn()
        let names = running.sorted().map { graph.names[$0] }
        switch abortStage {
        case .none:
            abortStage = .cancelling
            let grace = job.configuration.abortGrace
            report(.aborting(running: names, grace: grace))
            inbox.append(.event(.abort))
            turn()
            loop.schedule(after: grace) { [self] in
                killRunning("It did not end within the grace period of \(grace.text), so it was killed.")
            }
        case .cancelling:
            report(.killing(running: names))
            killRunning("It was killed on request.")
        case .killing:
            break
        }
    }

    /// Performs an operation of a plug-in.
    func perform(_ operation: SharedDictOperation, reply: @escaping (SharedDictReply) -> Void) {
        post(.shared(.perform(operation, of: .plugins, reply)))
    }

    /// The progress at this moment.
    func snapshot() -> CheckpointContents {
        var contents = CheckpointContents(name: job.configuration.name, sharedDict: shared.contents)
        contents.states.reserveCapacity(graph.count)
        for (number, name) in graph.names.enumerated() {
            // What a worker holds may have begun.
            let state = scheduler.heldAttempt(of: number) == nil ? scheduler.state(of: number) : .running
            contents.states[name] = leftOut[name] ?? state
        }
        contents.fingerprints = attempts.fingerprints
        contents.jobFile = jobFile
        return contents
    }

    // MARK: Turns

    private func post(_ input: Input) {
        inbox.append(input)
        scheduleTurn()
    }

    private func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.later { [self] in turn() }
    }

    private func turn() {
        isTurnScheduled = false
        while !inbox.isEmpty, !recorder.isBlocked { decideAndAct() }
        guard !recorder.isBlocked else { return }
        // Workers hear of their attempts only now that these are recorded.
        pool.flush()
        FaultPoint.pass("turn.sent")
    }

    private func decideAndAct() {
        let inputs = inbox
        inbox.removeAll(keepingCapacity: true)
        var actions: [SchedulerAction] = []
        var replies: [() -> Void] = []
        var entries: [JournalEntry] = []
        for input in inputs {
            switch input {
            case .event(let event):
                let first = actions.count
                scheduler.handle(event, &actions)
                for action in actions[first...] { if let entry = journalEntry(for: action) { entries.append(entry) } }
                if case .held(let task) = event, let entry = entryBeforehand(of: task) { entries.append(entry) }
            case .shared(let request):
                if let entry = shared.handle(request, &replies) { entries.append(entry) }
            }
        }
        recorder.record(entries)
        FaultPoint.pass("turn.recorded")
        for action in actions { perform(action) }
        for reply in replies { reply() }
        FaultPoint.pass("turn.acted")
    }

    private func journalEntry(for action: SchedulerAction) -> JournalEntry? {
        guard case .transition(let task, let from, let to, let attempt) = action, from != .initial else { return nil }
        let name = graph.names[task]
        return leftOut[name] == nil ? .state(task: name, to, attempt: attempt) : nil
    }

    /// What says that a task runs, for one that may begin before the engine hears of it.
    private func entryBeforehand(of task: Int) -> JournalEntry? {
        let name = graph.names[task]
        guard let attempt = scheduler.heldAttempt(of: task), leftOut[name] == nil else { return nil }
        return .state(task: name, .running, attempt: attempt)
    }

    private func perform(_ action: SchedulerAction) {
        switch action {
        case .transition(let task, let from, let to, let attempt):
            publish(task, from: from, to: to, attempt: attempt)
        case .start(let task, let attempt):
            pool.submit(attempts.assignment(task, attempt: attempt))
        case .withdraw(let task):
            pool.withdraw(task: task)
        case .limit(let task, let attempt, let limit):
            deadlines.beginLimit(of: task, limit) { [self] in
                // What has reported its end is not overrunning, though its output may still be on its way.
                guard pool.isUnderWay(task: task) else { return }
                post(.event(.overran(task, attempt: attempt)))
            }
        case .cancel(let task, let reason):
            cancel(task, reason)
        case .backOff(let task, let pause):
            loop.schedule(after: pause) { [self] in post(.event(.backoffElapsed(task))) }
        case .finish:
            finish(.success(graph.names.indices.map(scheduler.state)))
        }
    }

    private func cancel(_ task: Int, _ reason: Cancellation) {
        pool.cancel(task: task, endingAfter: job.configuration.abortGrace / 2)
        guard case .overrun(let limit) = reason else { return }
        let remark = deadlines.beginGrace(of: task, limit: limit) { [self] in
            pool.kill(task: task, remark: $0)
        }
        if let assignment = pool.assignment(of: task) {
            output.publish(.write(severity: .error, message: remark), of: assignment)
        }
    }

    private func killRunning(_ remark: String) {
        abortStage = .killing
        pool.takeReports()
        // What workers took up is running, also if that was not decided on yet.
        turn()
        deadlines.endAll()
        for task in running.sorted() { pool.kill(task: task, remark: remark) }
    }

    private func finish(_ result: Result<[ExecutionState], RunFailure>) {
        guard !isFinished else { return }
        isFinished = true
        recorder.stop()
        shared.dismissAll()
        output.stop()
        deadlines.endAll()
        pool.shutDown()
        finished(result)
    }

    // MARK: Events

    private func publish(_ task: Int, from: ExecutionState, to: ExecutionState, attempt: Int) {
        if to == .running { running.insert(task) } else if from == .running { running.remove(task) }
        if from == .running { deadlines.end(of: task) }
        if to == .running, abortStage == .killing {
            pool.kill(task: task, remark: "It began while the run was being ended.")
        }
        let event = ExecutionEvent(
            jobName: job.configuration.name,
            taskName: graph.names[task],
            timestamp: Date(),
            attempt: attempt,
            from: from,
            to: to
        )
        plugins.publish(event)
    }
}

extension RunLoop: WorkerPoolDelegate {
    func poolDidStart(_ assignment: Assignment) {
        post(.event(.started(assignment.task)))
        output.publish(.start, of: assignment)
    }

    func poolDidHold(_ assignment: Assignment) {
        post(.event(.held(assignment.task)))
    }

    func poolHasUnsent() {
        scheduleTurn()
    }

    func poolDidReturn(_ assignment: Assignment) {
        post(.event(.returned(assignment.task)))
    }

    func pool(_ assignment: Assignment, didWrite line: UnsafeRawBufferPointer, on stream: WorkerHandle.Stream) {
        output.publish(line, from: stream, of: assignment)
    }

    func pool(_ assignment: Assignment, didLog line: WireLogLine) {
        output.publish(line, of: assignment)
    }

    func pool(_ assignment: Assignment, didEndWith report: AttemptReport) {
        for remark in report.remarks {
            output.publish(.write(severity: remark.severity, message: remark.text), of: assignment)
        }
        if let remark = deadlines.remarkOnEnd(of: assignment.task) {
            output.publish(.write(severity: .error, message: remark), of: assignment)
        }
        output.publish(.end, of: assignment)
        post(.shared(.leave(.attempt(assignment.message.id))))
        post(.event(.ended(assignment.task, report.outcome)))
    }

    func pool(
        _ assignment: Assignment,
        didRequest operation: SharedDictOperation,
        reply: @escaping (SharedDictReply) -> Void
    ) {
        post(.shared(.perform(operation, of: .attempt(assignment.message.id), reply)))
    }

    func poolDidFail(_ reason: String) {
        finish(.failure(RunFailure(reason)))
    }

    func poolDidLoseKeeper(_ end: ProcessEnd) {
        report(.keeperLost("\(end)"))
    }

    func poolDidReachLimit(_ reason: String, workers: Int) {
        report(.workersLimited(reason, count: workers))
    }
}
