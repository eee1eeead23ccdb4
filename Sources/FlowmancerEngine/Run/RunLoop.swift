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
    let job: JobDefinition
    let graph: TaskGraph
    let attempts: AttemptMessages
    private let jobFile: String?
    private let leftOut: [String: ExecutionState]
    let plugins: PluginSet
    let report: @Sendable (RunNotice) -> Void
    let finished: (Result<[ExecutionState], JobRunError>) -> Void

    private(set) var scheduler: Scheduler
    private(set) var shared: SharedDictDesk!
    private(set) var pool: (any AttemptPool)!
    private(set) var output: OutputPublisher!
    private(set) var recorder: ProgressRecorder!
    /// The points in time that the scheduler waits for.
    var timers: [SchedulerTimer: EventLoop.Timer] = [:]

    private var inbox: [Input] = []
    private var isTurnScheduled = false
    /// Whether no task runs any more; plug-ins may still change the shared dictionary.
    var isFinished = false
    /// The tasks that were aborted before their first attempt: what is stored of them is that they had not started.
    var neverBegun: Set<Int> = []
    /// The tasks that failed in the run before and have not begun in this one: what is stored of them stays.
    var awaitingRestart: Set<Int>
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
        finished: @escaping (Result<[ExecutionState], JobRunError>) -> Void
    ) {
        self.loop = loop
        job = setup.job
        graph = setup.graph
        attempts = setup.attempts
        awaitingRestart = Set(setup.graph.names.indices.filter { setup.attempts.isRestart($0) })
        jobFile = setup.jobFile
        leftOut = setup.leftOut
        scheduler = setup.scheduler
        plugins = setup.plugins
        report = setup.report
        masker = setup.masker
        self.finished = finished
        shared = SharedDictDesk(setup.shared) { [unowned self] key in
            loop.schedule(after: SharedDictDesk.patience) { [self] in post(.shared(.check(key: key))) }
        }
        pool = setup.pool(self, loop)
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

    /// Performs an operation of a plug-in.
    func perform(_ operation: SharedDictOperation, reply: @escaping SharedDictDesk.Reply) {
        post(.shared(.perform(operation, of: .plugins, reply)))
    }

    /// The progress at this moment.
    func snapshot() -> CheckpointContents {
        var contents = CheckpointContents(name: job.configuration.name, sharedDict: shared.contents)
        contents.states.reserveCapacity(graph.count)
        for (number, name) in graph.names.enumerated() {
            // What a worker holds may have begun.
            let state = scheduler.heldAttempt(of: number) == nil ? scheduler.state(of: number) : .running
            contents.states[name] =
                leftOut[name] ?? storedState(of: number, state, isNeverBegun: neverBegun.contains(number))
        }
        contents.fingerprints = attempts.fingerprints
        contents.jobFile = jobFile
        return contents
    }

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
        while !recorder.isBlocked, !inbox.isEmpty || scheduler.isTurnOpen { decideAndAct() }
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
                let first = actions.count
                scheduler.handle(event, &actions)
                entries += actions[first...].lazy.compactMap(journalEntry)
                if case .held(let task) = event, let entry = entryBeforehand(of: task) { entries.append(entry) }
            case .shared(let request):
                if let entry = shared.handle(request, &replies) { entries.append(entry) }
            }
        }
        let first = actions.count
        scheduler.endTurn(&actions)
        entries += actions[first...].lazy.compactMap(journalEntry)
        recorder.record(entries)
        FaultPoint.pass("turn.recorded")
        for action in actions { perform(action) }
        for reply in replies { reply() }
        FaultPoint.pass("turn.acted")
    }

    private func journalEntry(for action: SchedulerAction) -> JournalEntry? {
        guard case .transition(let step) = action, step.from != .initial else { return nil }
        let name = graph.names[step.task]
        let stored = storedState(of: step.task, step.to, isNeverBegun: Self.isNeverBegun(step.to, attempt: step.attempt))
        return leftOut[name] == nil ? .state(task: name, stored, attempt: step.attempt) : nil
    }

    private func storedState(of task: Int, _ state: ExecutionState, isNeverBegun: Bool) -> ExecutionState {
        if state != .running, awaitingRestart.contains(task) { return .failed }
        return isNeverBegun ? .pending : state
    }

    static func isNeverBegun(_ state: ExecutionState, attempt: Int) -> Bool {
        state == .aborted && attempt == 0
    }

    /// What says that a task runs, for one that may begin before the engine hears of it.
    private func entryBeforehand(of task: Int) -> JournalEntry? {
        let name = graph.names[task]
        guard let attempt = scheduler.heldAttempt(of: task), leftOut[name] == nil else { return nil }
        return .state(task: name, .running, attempt: attempt)
    }
}
