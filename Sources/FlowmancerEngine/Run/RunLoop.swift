import FlowmancerCore
import FlowmancerFaults
import FlowmancerWire
import FoundationEssentials

/// The run itself: feeds the scheduler what happens, records its decisions, and carries them out.
///
/// Everything here happens on one event loop, in turns: what arrived is decided on together, recorded with one write,
/// and only then acted on.
final class RunLoop {
    let loop: EventLoop
    let run: RunInfo
    let job: JobDefinition
    let graph: TaskGraph
    private let attempts: AttemptMessages
    let events: EventFan
    let report: @Sendable (RunNotice) -> Void
    let finished: (Result<[ExecutionState], JobRunError>) -> Void

    private var scheduler: Scheduler
    private var progress: RecordedProgress
    private(set) var shared: SharedDictDesk!
    private(set) var pool: WorkerPool!
    private(set) var output: OutputPublisher!
    private(set) var recorder: ProgressRecorder!
    let deadlines: AttemptDeadlines

    private var inbox: [Input] = []
    private var isTurnScheduled = false
    private(set) var running: Set<Int> = []
    private var admissions: Admissions
    var stage = Stage.running
    var lateLines = LateLines()
    let masker: SecretMasker?

    enum Input {
        case event(SchedulerEvent)
        case shared(SharedDictDesk.Request)
    }

    /// How far the run has come.
    enum Stage {
        case running
        /// It is aborted: what runs was told to end, or will be as soon as that may be acted on. The grace period begins then.
        case cancelling(grace: EventLoop.Timer?)
        /// It is aborted, and what runs is killed.
        case killing
        /// No task runs any more; plug-ins may still change the shared dictionary.
        case finished
    }

    init(
        _ setup: Setup,
        on thread: EventLoopThread,
        loop: EventLoop,
        finished: @escaping (Result<[ExecutionState], JobRunError>) -> Void
    ) {
        self.loop = loop
        run = setup.run
        job = setup.job
        graph = setup.graph
        attempts = setup.attempts
        scheduler = setup.scheduler
        admissions = Admissions(limit: setup.limit)
        progress = setup.progress
        events = EventFan(setup.plugins.sinks)
        report = setup.report
        masker = setup.masker
        self.finished = finished
        deadlines = AttemptDeadlines(on: loop, grace: setup.job.configuration.abortGrace)
        shared = SharedDictDesk(setup.shared) { [unowned self] key in
            loop.schedule(after: SharedDictDesk.patience) { [self] in post(.shared(.check(key: key))) }
        }
        pool = WorkerPool(
            LocalWorkerSource(setup.attempts, earlyKeeper: setup.keeper, masker: setup.masker, on: loop),
            cores: setup.cores,
            on: loop,
            delegate: self
        )
        output = OutputPublisher(
            setup.job,
            run: run.id,
            graph: graph,
            events: events,
            masker: setup.masker,
            pacer: OutputPacer(events.pacingSinks, on: thread, loop: loop, report: report) { [unowned self] in
                pool.pauseOutput($0)
            }
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
        events.publish(run)
        pool.open()
        guard !isFinished else { return }
        post(.event(.begin))
    }

    /// Performs an operation of a plug-in.
    func perform(_ operation: SharedDictOperation, reply: @escaping SharedDictDesk.Reply) {
        post(.shared(.perform(operation, of: .plugins, reply)))
    }

    /// The progress at this moment.
    func snapshot() -> CheckpointContents { progress.contents(sharedDict: shared.contents) }

    /// Returns the progress, if only the next checkpoint would have it; `nil` if a journal has it already. The caller stores
    /// it, and the end of the run what follows.
    func takeUnrecordedProgress() -> CheckpointContents? { recorder.endPeriodicWrites() ? snapshot() : nil }

    // MARK: Turns

    func post(_ input: Input) {
        inbox.append(input)
        scheduleTurn()
    }

    func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.later { [self] in turn() }
    }

    func turn() {
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
            case .event where isFinished:
                break
            case .event(let event):
                admissions.note(event)
                let first = actions.count
                scheduler.handle(event, &actions)
                for case .transition(let task, let from, let to, let attempt) in actions[first...] {
                    if let entry = progress.note(task, from: from, to: to, attempt: attempt) { entries.append(entry) }
                }
                if let entry = noteHolding(event) { entries.append(entry) }
            case .shared(let request):
                if let entry = shared.handle(request, &replies) { entries.append(entry) }
            }
        }
        recorder.record(entries)
        FaultPoint.pass("turn.recorded")
        for task in admissions.next() { pool.admit(task: task) }
        for action in actions { perform(action) }
        for reply in replies { reply() }
        FaultPoint.pass("turn.acted")
    }

    /// Notes what workers hold.
    ///
    /// - Returns: What the journal must have.
    private func noteHolding(_ event: SchedulerEvent) -> JournalEntry? {
        switch event {
        case .held(let task): return scheduler.heldAttempt(of: task).flatMap { progress.noteHeld(task, attempt: $0) }
        case .returned(let task) where scheduler.state(of: task) == .pending: progress.noteReturned(task)
        default: break
        }
        return nil
    }

    private func perform(_ action: SchedulerAction) {
        switch action {
        case .transition(let task, let from, let to, let attempt):
            publish(task, from: from, to: to, attempt: attempt)
        case .start(let task, let attempt):
            pool.submit(attempts.assignment(task, attempt: attempt), admissions.admission(of: task))
        case .withdraw(let task):
            admissions.withdraw(task)
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
        switch reason {
        case .abort:
            beginAbortGrace()
        case .overrun(let limit):
            let remark = deadlines.beginGrace(of: task, limit: limit) { [self] in
                pool.kill(task: task, remark: $0)
            }
            if let assignment = pool.assignment(of: task) {
                output.publish(.line, .error, remark, of: assignment)
            }
        }
    }

    // MARK: Events

    private func publish(_ task: Int, from: ExecutionState, to: ExecutionState, attempt: Int) {
        if to == .running { running.insert(task) } else if from == .running { running.remove(task) }
        if from == .running { deadlines.end(of: task) }
        if to == .running, case .killing = stage {
            pool.kill(task: task, remark: "It started while the run was being aborted, so it was killed.")
        }
        guard events.wantsStates else { return }
        let event = ExecutionEvent(
            runID: run.id,
            jobName: job.configuration.name,
            taskName: graph.names[task],
            timestamp: Date(),
            attempt: attempt,
            from: from,
            to: to,
            failure: from == .running ? output.endNotes(of: task, enteredState: to) : nil
        )
        events.publish(event)
    }
}
