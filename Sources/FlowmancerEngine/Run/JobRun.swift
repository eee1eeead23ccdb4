package import FlowmancerCore
import FlowmancerSystem
import FoundationEssentials
import Glibc

/// A run of a job from its plug-ins' creation to their end.
package struct JobRun: Sendable {
    private let job: JobDefinition
    private let catalog: TypeCatalog
    private let options: RunOptions
    private let control: RunControl
    private let notices: NoticeQueue
    private let masker: SecretMasker?
    /// The job without its secrets: what may be stored, or compared with what was stored.
    private let redactedJob: JobDefinition
    private let secrets: JobSecrets
    /// What plug-ins may know about the run.
    private let runInfo: RunInfo
    /// The id of the run.
    package var id: RunID { runInfo.id }

    /// Creates a run of a job that ``JobValidator`` found valid.
    ///
    /// - Parameters:
    ///   - control: Aborts the run.
    ///   - report: Receives what people should know, in words without any secret, from any thread.
    package init(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        options: RunOptions,
        control: RunControl,
        report: @escaping @Sendable (RunNotice) -> Void
    ) {
        self.job = job
        self.catalog = catalog
        self.options = options
        self.control = control
        let secrets = JobSecrets(job, catalog: catalog)
        self.secrets = secrets
        redactedJob = secrets.redactedJob
        let masker = SecretMasker(secrets.texts, mayGrow: secrets.areOpen)
        self.masker = masker
        var runInfo = RunInfo(
            job: secrets.redactedJob,
            startedAt: Date(),
            resumeCommand: options.resumeCommand?.text(hiding: secrets.texts, masker: masker),
            hostName: ProcessInfo.processInfo.hostName
        )
        runInfo.program = options.program
        runInfo.jobFile = options.jobFile
        runInfo.retriedRun = options.retriedRun
        runInfo.mask = { masker.mask($0) }
        runInfo.pastDurations = { [id = runInfo.id] in
            // Not on the pool of threads that all Swift tasks share: a history may block its thread.
            await withTaskExecutorPreference(DispatchExecutor(label: "flowmancer.past")) {
                (try? await StoredHistory.durations(of: job, catalog: catalog, before: id)) ?? .none
            }
        }
        self.runInfo = runInfo
        notices = NoticeQueue { notice in
            var notice = notice
            notice.text = masker.mask(notice.text)
            report(notice)
        }
    }

    /// How long what shows notices is waited for at the end.
    private static let noticePatience = Duration.seconds(1)

    private var report: @Sendable (RunNotice) -> Void { notices.post }

    /// Runs the job.
    ///
    /// - Returns: How all tasks ended.
    /// - Throws: ``InvalidJobError`` for a selection that names no task, ``JobRunError`` if the run could not begin or
    ///   go on.
    package func execute() async throws -> RunOutcome {
        // Not on the pool of threads that all Swift tasks share: plug-ins may block it.
        try await withTaskExecutorPreference(DispatchExecutor(label: "flowmancer.run")) {
            let result: Result<RunOutcome, any Error>
            do { result = .success(try await executeOffPool()) } catch { result = .failure(error) }
            await notices.drain(atMost: Self.noticePatience)
            return try result.get()
        }
    }

    private func executeOffPool() async throws -> RunOutcome {
        // Broken pipes and files that grow too large are errors of a call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let resources = ResourceTable(job) { .current() }
        let roster = TaskRoster(job, resources)
        let (leftOut, issues) = options.selection.leftOut(of: roster)
        let (forced, forcedIssues) = options.selection.forced(in: roster)
        guard issues.isEmpty, forcedIssues.isEmpty else { throw InvalidJobError(issues: issues + forcedIssues) }
        let store = EngineSharedDictStorage()
        let dict = SharedDict(storage: store)
        let plugins = try PluginSet(job, catalog: catalog, sharedDict: dict, runInfo: runInfo, report: report)
        let storage = RunStorage(
            checkpointer: try PluginSet.checkpointer(
                of: job,
                catalog: catalog,
                sharedDict: dict,
                runInfo: runInfo,
                report: report
            ),
            job: redactedJob,
            options: options,
            interruption: control.abortRequested,
            report: report
        )
        do {
            try ResourceCheck.run()
            return try await storage.locked {
                let executors = try ExecutorSet(
                    job,
                    catalog: catalog,
                    secrets: secrets,
                    run: runInfo,
                    sharedDict: dict
                )
                let (setup, isRestart) = try await prepare(
                    roster,
                    leftOut: leftOut,
                    forced: forced,
                    plugins,
                    executors,
                    storage
                )
                let result = try await run(
                    setup,
                    on: try HostedLoop(store.loop),
                    storage,
                    executors,
                    isRestart: isRestart
                )
                return result
            }.get()
        } catch let error as InvalidJobError {
            throw error
        } catch {
            throw inWords(error)
        }
    }

    /// Reads what an earlier run left, decides what to do with every task, and stores that beginning.
    private func prepare(
        _ roster: TaskRoster,
        leftOut: Set<Int>,
        forced: Set<Int>,
        _ plugins: PluginSet,
        _ executors: ExecutorSet?,
        _ storage: RunStorage
    ) async throws -> sending (RunLoop.Setup, isRestart: Bool) {
        let earlier = try await storage.readEarlier()
        let isRestart = earlier != nil
        let plan = ResumePlan(redactedJob, roster, from: earlier, leftOut: leftOut, rerunChanged: options.rerunsChanged)
        let kept = roster.names.indices.filter {
            roster.isIn(forced, $0) && plan.decisions[$0].origin == .completed
        }
        if !kept.isEmpty { report(.forceWithoutEffect(kept.map { roster.names[$0] })) }
        var run = runInfo
        run.isRestart = isRestart
        run.continuedRun = earlier?.runID
        let start = RunStart(of: id, roster, plan, jobFile: options.jobFile)
        if isRestart { report(.restarting(plan, start)) }
        let missing = start.missingValues(job, roster, plan)
        guard missing.isEmpty else { throw InvalidJobError(issues: missing) }
        let journal = try await storage.begin(with: start.checkpoint, isRestart: isRestart)
        let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
        let tasks = RunTasks(roster)
        let attempts = try AttemptMessages(
            tasks,
            run: id,
            catalog: catalog,
            restarted: start.restarted,
            isDebug: options.isDebug
        )
        for (task, preparation) in start.allDecided { attempts.take(preparation, of: task) }
        var nodes = roster.plan
        nodes.origins = start.origins
        nodes.preparations = start.preparations
        let setup = RunLoop.Setup(
            run: run,
            job: job,
            tasks: tasks,
            start: start,
            attempts: attempts,
            scheduler: Scheduler(
                nodes,
                settings: SchedulerSettings(
                    concurrency: job.configuration.maxConcurrency,
                    lookahead: min(job.configuration.maxConcurrency, WorkerDemand(cores: cores).base),
                    resources: roster.resources.resources,
                    maxFailures: job.configuration.maxFailures,
                    timeout: job.configuration.timeout.duration,
                    grace: job.configuration.abortGrace
                )
            ),
            preparer: TaskPreparer(job, catalog: catalog),
            isPartial: start.origins.contains(.skipped),
            shared: SharedDictStore(options.sharedDict.merging(start.sharedDict) { $1 }),
            plugins: plugins,
            masker: masker,
            reuse: reuseSetup(forced, cores: cores),
            checkpointer: storage.checkpointer,
            journal: journal,
            pool: { [job, masker, keeper = options.keeper] delegate, thread, loop in
                let source = LocalWorkerSource(attempts, earlyKeeper: keeper, masker: masker, on: loop)
                let local = WorkerPool(source, cores: cores, on: loop, delegate: delegate)
                return executors?.pools(job, tasks, attempts, local: local, on: thread, loop: loop, delegate: delegate)
                    ?? local
            },
            report: report
        )
        return (setup, isRestart)
    }

    /// Opens the records of what completed, if any task asks for them.
    private func reuseSetup(_ forced: Set<Int>, cores: Int) -> ReuseDesk.Setup? {
        guard job.hasReuse else { return nil }
        // Where relative paths start, also if a plug-in changes the working directory.
        let root = FileSystem.currentDirectory ?? "."
        var store: ReuseStore?
        do throws(ReuseStore.Absence) {
            store = try ReuseStore.open(root: root, job: job.configuration.name)
        } catch {
            report(.reuseUnavailable(error.description))
        }
        return ReuseDesk.Setup(store: store, queue: ReuseQueue(width: min(max(2, cores), 8)), forced: forced)
    }

    /// Begins the plug-ins, runs the tasks, ends the plug-ins, and stores what is left.
    private func run(
        _ setup: sending RunLoop.Setup,
        on loop: HostedLoop,
        _ storage: RunStorage,
        _ executors: ExecutorSet?,
        isRestart: Bool
    ) async throws -> Result<RunOutcome, JobRunError> {
        let (plugins, isPartial) = (setup.plugins.hosted, setup.isPartial)
        let reuse = setup.reuse
        let patience = job.configuration.pluginGrace
        await withTaskGroup { tasks in
            for plugin in plugins { tasks.addTask { await plugin.begin(isRestart: isRestart, patience: patience) } }
        }
        let deliveries = plugins.map { $0.startDelivery() }
        let result = await loop.run(setup, control: control)
        async let closed: Void? = executors?.close()
        let ending = RunEnding(result)
        // Plug-ins may take their time to end: what no journal has of a run that is to be continued is stored meanwhile.
        async let stored = ending == .success ? nil : await storage.store(await loop.takeUnrecordedProgress())
        await withTaskGroup { tasks in
            for (plugin, delivery) in zip(plugins, deliveries) {
                tasks.addTask { await plugin.finish(delivery, ending, patience: patience) }
            }
        }
        await reuse?.finish(isAborted: ending == .abort, control)
        // The checkpointer comes last: it stores what the others wrote, and if a run that succeeded is killed before, a
        // restart must find that everything is done.
        await storage.finish(ending, await loop.seal(), isPartial: isPartial, stored: await stored)
        await loop.stop()
        await closed
        return result
    }

    /// What a run throws that could not begin or go on, without any secret.
    private func inWords(_ error: any Error) -> JobRunError {
        switch error {
        case let error as JobRunError:
            JobRunError(error.code, masker.mask(error.description))
        case is HostedCheckpointer.SlowError where control.isAborted:
            JobRunError(.aborted, "the run was aborted before it began")
        case let error as HostedCheckpointer.SlowError:
            JobRunError(.checkpointUnusable, "\(error); no task was run")
        case is CheckpointLockedError:
            JobRunError(.checkpointLocked, masker.mask(error.inWords))
        default:
            JobRunError(.checkpointUnusable, masker.mask(error.inWords))
        }
    }
}
