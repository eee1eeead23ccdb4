import Dispatch
import FlowmancerCore
import FoundationEssentials

@testable import FlowmancerEngine

/// The loop of a run whose attempts are executed as a test says, and the way of plug-ins to it.
struct RunLoopFixture {
    let storage = EngineSharedDictStorage()
    /// Gets all events.
    let sink = EventSink("sink", [.run, .states, .output, .published], .withoutLoss)
    let run: RunInfo
    /// What was recorded, asked of the pool, and told, in this order.
    let diary: Diary
    private let thread: EventLoopThread

    /// A run of one task, `a`.
    init(_ checkpointer: FakeCheckpointer, _ journal: FakeJournal?) throws {
        try self.init("a", checkpointer: checkpointer, journal: journal)
    }

    /// A run of tasks such as `"a"` or `"c < a b"`, which waits for `a` and `b`, with a journal that writes the diary.
    ///
    /// - Parameter checkpointer: Opens journals later on.
    init(
        _ tasks: String...,
        traits: NodeTraits? = nil,
        checkpointer: FakeCheckpointer = FakeCheckpointer(),
        configure: (inout JobConfiguration) -> Void = { _ in }
    ) throws {
        let diary = Diary()
        try self.init(
            tasks,
            traits: traits,
            checkpointer: checkpointer,
            journal: DiaryJournal(diary),
            diary: diary,
            configure: configure
        )
    }

    private init(_ task: String, checkpointer: FakeCheckpointer, journal: (any CheckpointJournal)?) throws {
        try self.init(
            [task],
            traits: nil,
            checkpointer: checkpointer,
            journal: journal,
            diary: Diary(),
            configure: { _ in }
        )
    }

    private init(
        _ tasks: [String],
        traits: NodeTraits?,
        checkpointer: FakeCheckpointer,
        journal: (any CheckpointJournal)?,
        diary: Diary,
        configure: (inout JobConfiguration) -> Void
    ) throws {
        self.diary = diary
        thread = try EventLoopThread()
        var job = JobDefinition(name: "job")
        // However busy the machine is, the checkpointer is waited for.
        job.configuration.pluginGrace = .seconds(600)
        configure(&job.configuration)
        (job.loggers, job.extensions) = ([:], [:])
        for task in tasks {
            let words = task.split(separator: " ").map(String.init)
            job.addTask(words[0], Work.self, dependsOn: Array(words.dropFirst(2)))
        }
        let tasks = RunTasks(TaskRoster(job, ResourceTable(job) { HostResources(enoughFor: job) }))
        let names = tasks.roster.names
        var nodes = tasks.roster.plan
        if let traits { nodes.traits = TraitsTable(repeating: traits, count: names.count) }
        run = RunInfo(job: job, startedAt: Date(timeIntervalSince1970: 0))
        let setup = RunLoop.Setup(
            run: run,
            job: job,
            tasks: tasks,
            start: RunStart(of: run.id, tasks.roster, ResumePlan(job, from: nil, leftOut: [])),
            attempts: try AttemptMessages(
                tasks,
                run: run.id,
                catalog: TypeCatalog(),
                restarted: [],
                isDebug: false
            ),
            scheduler: Scheduler(
                nodes,
                settings: SchedulerSettings(
                    resources: tasks.roster.resources.resources,
                    maxFailures: job.configuration.maxFailures,
                    timeout: job.configuration.timeout.duration,
                    grace: job.configuration.abortGrace
                )
            ),
            preparer: TaskPreparer(job),
            shared: SharedDictStore([:]),
            plugins: PluginSet(hosted: [], sinks: [sink]),
            masker: SecretMasker(["s3cret-token"]),
            checkpointer: checkpointer.hosted(),
            journal: journal,
            pool: { delegate, _, _ in FakePool(names, delegate, diary) },
            report: { diary.write("tell: \($0.text)") }
        )
        let box = Sending(setup)
        let isOpen = DispatchSemaphore(value: 0)
        thread.execute { [thread, storage] loop in
            let run = RunLoop(box.take(), on: thread, loop: loop) { result in
                let limit = (try? result.get())?.exceededLimit
                diary.write("finished\(limit.map { " after \($0.text)" } ?? "")")
            }
            storage.loop.open(LoopBound(run, on: thread))
            isOpen.signal()
        }
        isOpen.wait()
    }

    /// Lets something happen, and has it decided on.
    @discardableResult
    func perform<Value: Sendable>(_ body: @escaping @Sendable (RunLoop, FakePool?) -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            storage.loop.enter { loop in
                let value = body(loop, loop.pool as? FakePool)
                loop.turn()
                continuation.resume(returning: value)
            }
        }
    }

    func begin() async { await perform { loop, _ in loop.begin() } }
    func abort() async { await perform { loop, _ in loop.abort() } }
    func start(_ tasks: String...) async { await perform { _, pool in tasks.forEach { pool?.start($0) } } }
    func hold(_ task: String) async { await perform { _, pool in pool?.hold(task) } }

    func end(_ task: String, _ outcome: AttemptOutcome = .succeeded, publishing outputs: String? = nil) async {
        await perform { _, pool in pool?.end(task, outcome, publishing: outputs) }
    }

    /// Ends the run as one whose workers cannot be started.
    func fail() async {
        await perform { loop, _ in loop.poolDidFail("no workers for s3cret-token") }
    }

    func seal() async -> RunLoop.Remains {
        await withCheckedContinuation { continuation in
            storage.loop.enter { continuation.resume(returning: $0.seal()) }
        }
    }

    func stop() async {
        storage.loop.close()
        await thread.stop()
    }
}

private struct Work: FlowTask {
    func run() async throws {}
}
