import FlowmancerCore
import FlowmancerFaults

/// The run itself: feeds the scheduler what happens, records its decisions, and carries them out.
///
/// Everything here happens on one event loop, in turns: what arrived is decided on together, recorded with one write,
/// and only then acted on.
final class RunLoop {
    let loop: EventLoop
    let run: RunInfo
    let job: JobDefinition
    let attempts: AttemptMessages
    let preparer: TaskPreparer
    let events: EventFan
    let report: @Sendable (RunNotice) -> Void
    let finished: (Result<RunOutcome, JobRunError>) -> Void

    var scheduler: Scheduler
    private let tasks: RunTasks
    /// What the run began with.
    let start: RunStart
    private var progress: RecordedProgress
    var values = RunValues()
    /// What tasks that react to the ends of others are told of them.
    var ends: DependencyEnds
    private(set) var shared: SharedDictDesk!
    private(set) var pool: (any AttemptPool)!
    private(set) var output: OutputPublisher!
    private(set) var recorder: ProgressRecorder!
    /// The members of groups that are about to expand.
    var expansions: [Int: TaskExpansion]
    /// What an earlier run decided about tasks for which it is still to be found out whether they are up to date.
    var decided: [Int: Preparation]
    /// `nil` if no task can be up to date.
    let reuse: ReuseDesk?
    /// The machines of executors that execute the attempts of tasks.
    var machines: [Int: String] = [:]
    /// The points in time that the scheduler waits for.
    var timers: [SchedulerTimer: EventLoop.Timer] = [:]

    /// What attempts published that have reported their end, until it is decided whether they completed their tasks.
    private var reportedOutputs: [Int: (attempt: Int, json: JSONText)] = [:]

    private var inbox: [Input] = []
    private var isTurnScheduled = false
    /// Whether no task runs any more; plug-ins may still change the shared dictionary.
    var isFinished = false
    var lateLines = LateLines()
    let masker: SecretMasker?

    enum Input {
        case event(SchedulerEvent)
        case shared(SharedDictDesk.Request)
    }

    init(
        _ setup: Setup,
        on thread: EventLoopThread,
        loop: EventLoop,
        finished: @escaping (Result<RunOutcome, JobRunError>) -> Void
    ) {
        self.loop = loop
        run = setup.run
        job = setup.job
        tasks = setup.tasks
        start = setup.start
        attempts = setup.attempts
        preparer = setup.preparer
        scheduler = setup.scheduler
        progress = setup.start.progress
        expansions = setup.start.expansions
        decided = setup.start.decided
        ends = DependencyEnds(setup.tasks.roster)
        events = EventFan(setup.plugins.sinks)
        report = setup.report
        masker = setup.masker
        reuse = setup.reuse.map { ReuseDesk($0, on: thread, report: setup.report) }
        self.finished = finished
        shared = SharedDictDesk(setup.shared) { [unowned self] key in
            loop.schedule(after: SharedDictDesk.patience) { [self] in post(.shared(.check(key: key))) }
        }
        pool = setup.pool(self, thread, loop)
        output = OutputPublisher(
            setup.job,
            run: run.id,
            name: { [tasks] in tasks.roster.names[$0] },
            group: { [tasks] in tasks.roster.group(of: $0).map { tasks.roster.names[$0] } },
            events: events,
            masker: setup.masker,
            keepsNotes: events.wantsStates || !ends.isEmpty,
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
        if events.wantsRun { events.publish(RunBeginning(info: run, roster: roster)) }
        pool.open()
        guard !isFinished else { return }
        post(.event(.begin))
    }

    /// Performs an operation of a plug-in.
    func perform(_ operation: SharedDictOperation, reply: @escaping SharedDictDesk.Reply) {
        post(.shared(.perform(operation, of: .plugins, reply)))
    }

    /// The tasks and groups of the run.
    var roster: TaskRoster { _read { yield tasks.roster } }

    /// The progress at this moment.
    func snapshot() -> CheckpointContents { progress.contents(sharedDict: shared.contents) }

    /// Returns the progress, if only the next checkpoint would have it; `nil` if a journal has it already. The caller stores
    /// it, and the end of the run what follows.
    func takeUnrecordedProgress() -> CheckpointContents? { recorder.endPeriodicWrites() ? snapshot() : nil }

    // MARK: Turns

    /// Takes in what is decided on in the next turn.
    func post(_ input: Input) {
        inbox.append(input)
        scheduleTurn()
    }

    /// Takes in what is decided on at once, also if nothing can be recorded right now.
    func urge(_ event: SchedulerEvent) {
        guard !isFinished else { return }
        var actions: [SchedulerAction] = []
        scheduler.handle(event, &actions)
        for action in actions { perform(action) }
        turn()
    }

    func scheduleTurn() {
        guard !isTurnScheduled else { return }
        isTurnScheduled = true
        loop.later { [self] in turn() }
    }

    func turn() {
        isTurnScheduled = false
        while isDue, !recorder.isBlocked { decideAndAct() }
        guard !recorder.isBlocked else { return }
        // Workers hear of their attempts only now that these are recorded.
        pool.flush()
        FaultPoint.pass("turn.sent")
    }

    /// Whether there is something to decide on: what arrived, or an abort that is to be carried out.
    private var isDue: Bool { !inbox.isEmpty || scheduler.isTurnOpen && !isFinished }

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
                let first = actions.count
                scheduler.handle(event, &actions)
                note(actions[first...], &entries)
                if let entry = noteHolding(event) { entries.append(entry) }
            case .shared(let request):
                if let entry = shared.handle(request, &replies) { entries.append(entry) }
            }
        }
        if !isFinished {
            let first = actions.count
            scheduler.endTurn(&actions)
            note(actions[first...], &entries)
        }
        recorder.record(entries)
        FaultPoint.pass("turn.recorded")
        for action in actions { perform(action) }
        for reply in replies { reply() }
        FaultPoint.pass("turn.acted")
    }

    /// Notes what the journal must have of decisions.
    private func note(_ actions: ArraySlice<SchedulerAction>, _ entries: inout [JournalEntry]) {
        for action in actions {
            let entry: JournalEntry? =
                switch action {
                case .transition(let step): note(step)
                case .record(let task, let preparation): progress.note(task, preparation)
                case .expanded(let group, _): expand(group)
                default: nil
                }
            if let entry { entries.append(entry) }
        }
    }

    /// Takes in the members of a group. The journal need not know of them: it has the items.
    private func expand(_ group: Int) -> JournalEntry? {
        guard let members = expansions.removeValue(forKey: group) else { return nil }
        if !members.gone.isEmpty { report(.itemsGone(members.gone, from: roster.names[group])) }
        let new = tasks.append(members, to: group)
        progress.add(members)
        ends.add(new, of: roster)
        attempts.add(members, from: new.lowerBound)
        for (member, inner) in members.inner { expansions[new.lowerBound + member] = inner }
        for (member, preparation) in members.decided { decided[new.lowerBound + member] = preparation }
        for (member, preparation) in members.plan.preparations { takeOver(preparation, of: new.lowerBound + member) }
        return nil
    }

    private func note(_ step: Transition) -> JournalEntry? {
        var outputs: JSONText?
        if !reportedOutputs.isEmpty, step.from == .running || step.to == .completed,
            let reported = reportedOutputs.removeValue(forKey: step.task), reported.attempt == step.attempt,
            step.to == .completed
        {
            outputs = reported.json
        }
        return progress.note(step.task, from: step.from, to: step.to, attempt: step.attempt, outputs: outputs)
    }

    /// Takes over what an attempt published that has reported its end.
    func take(_ outputs: JSONText, of assignment: Assignment) {
        reportedOutputs[assignment.task] = (assignment.attempt, outputs)
    }

    /// Takes over what a task published when it last ran, which is completed without an attempt.
    func takeEarlier(_ outputs: JSONText, of task: Int) {
        reportedOutputs[task] = (0, outputs)
    }

    /// Returns what a completed task published, in this run or an earlier one.
    func outputs(of task: Int) -> JSONText? { progress.outputs(of: task) }

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
}
