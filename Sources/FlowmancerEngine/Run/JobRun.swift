import Dispatch
package import FlowmancerCore
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
    /// What plug-ins may know about the run.
    private let runInfo: RunInfo

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
        report: @escaping @Sendable (_ notice: RunNotice, _ text: String) -> Void
    ) {
        self.job = job
        self.catalog = catalog
        self.options = options
        self.control = control
        let secrets = JobSecrets(job, catalog: catalog)
        redactedJob = secrets.redactedJob
        let masker = SecretMasker(secrets.texts)
        self.masker = masker
        var runInfo = RunInfo(
            job: secrets.redactedJob,
            startedAt: Date(),
            resumeCommand: options.resumeCommand?.text(hiding: secrets.texts, masker: masker),
            hostName: ProcessInfo.processInfo.hostName
        )
        runInfo.mask = { masker.mask($0) }
        self.runInfo = runInfo
        notices = NoticeQueue { report($0, masker.mask($0.text)) }
    }

    /// How long what shows notices is waited for at the end.
    private static let noticePatience = Duration.seconds(1)

    /// How long the release of the checkpointer's lock is waited for.
    private static let releasePatience = Duration.seconds(2)

    private var report: @Sendable (RunNotice) -> Void { notices.post }

    /// Runs the job.
    ///
    /// - Returns: The final state of every task by name.
    /// - Throws: ``InvalidJobError`` for a selection that names no task, ``RunFailure`` if the run could not begin or
    ///   go on.
    package func execute() async throws -> [(task: String, state: ExecutionState)] {
        // Not on the pool of threads that all Swift tasks share: plug-ins may block it.
        try await withTaskExecutorPreference(DispatchExecutor(label: "flowmancer.run")) {
            let result: Result<[(task: String, state: ExecutionState)], any Error>
            do { result = .success(try await executeOffPool()) } catch { result = .failure(error) }
            await notices.drain(atMost: Self.noticePatience)
            return try result.get()
        }
    }

    private func executeOffPool() async throws -> [(task: String, state: ExecutionState)] {
        // Broken pipes and files that grow too large are errors of a call, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        let graph = TaskGraph(job)
        let (skipped, issues) = options.selection.skippedTasks(in: graph)
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }

        let store = EngineSharedDictStorage()
        let sharedDict = SharedDict(storage: store)
        let plugins = try PluginSet(
            job,
            catalog: catalog,
            sharedDict: sharedDict,
            runInfo: runInfo,
            report: report
        )
        let checkpointer = try PluginSet.checkpointer(
            of: job,
            catalog: catalog,
            sharedDict: sharedDict,
            runInfo: runInfo,
            report: report
        )
        try await check { try ResourceCheck.run() }
        await checkpointer.plugin.begin(isRestart: false, patience: patience)
        let result: Result<[ExecutionState], RunFailure>
        do {
            let lock = try await check {
                try await checkpointer.acquireLock(within: storagePatience, interruption: control.abortRequested)
            }
            result = try await holding(lock) {
                if options.discardsCheckpoint { try await check { try await discard(checkpointer) } }
                let (setup, isRestart) = try await prepare(graph, skipped: skipped, plugins, checkpointer)
                if isRestart { await checkpointer.plugin.noteRestart(patience: patience) }
                return try await run(setup, store: store, isRestart: isRestart)
            }
        } catch {
            if !checkpointer.isStuck { await checkpointer.plugin.finish(nil, .failure, patience: patience) }
            throw error
        }
        let states = try result.mapError { RunFailure(masker.mask($0.description)) }.get()
        return zip(graph.names, states).map { (task: $0, state: $1) }
    }

    /// Lets other runs in afterwards. That is not waited for without a limit: the lock is gone with the process, too.
    private func holding<Value>(
        _ lock: (any CheckpointLock)?,
        _ body: () async throws -> sending Value
    ) async throws -> sending Value {
        func release() async {
            guard let lock else { return }
            let released = Latch()
            DispatchQueue(label: "flowmancer.lock").async {
                lock.release()
                released.open()
            }
            _ = await released.wait(atMost: Self.releasePatience)
        }
        do {
            let value = try await body()
            await release()
            return value
        } catch {
            await release()
            throw error
        }
    }

    /// Reads what is stored and stores the beginning: what fails here keeps the run from beginning.
    private func prepare(
        _ graph: TaskGraph,
        skipped: Set<Int>,
        _ plugins: PluginSet,
        _ checkpointer: HostedCheckpointer
    ) async throws -> sending (RunLoop.Setup, isRestart: Bool) {
        try await check { try await noteReplacement(of: checkpointer) }
        let leftOut = Set(skipped.map { graph.names[$0] })
        let earlier = try await check { try await loadProgress(from: checkpointer, leftOut: leftOut) }
        var attempts = try AttemptMessages(
            job,
            redactedJob: redactedJob,
            catalog: catalog,
            restarted: earlier?.restarted ?? [],
            isDebug: options.isDebug
        )
        attempts.fingerprints.merge(earlier?.fingerprints ?? [:]) { _, completed in completed }
        let origins = graph.names.enumerated().map { number, name -> TaskOrigin in
            earlier?.completed.contains(name) == true ? .completed : skipped.contains(number) ? .skipped : .fresh
        }
        let beginning = CheckpointContents(
            name: job.configuration.name,
            states: Dictionary(
                uniqueKeysWithValues: zip(graph.names, origins).map { name, origin in
                    // Kept until it runs: if this run dies before that, the next one still knows.
                    let hasFailed = origin == .fresh && earlier?.restarted.contains(name) == true
                    return (name, hasFailed ? .failed : origin.beginning)
                }
            ).merging(earlier?.leftOut ?? [:]) { _, earlier in earlier },
            sharedDict: earlier?.sharedDict ?? [:],
            fingerprints: attempts.fingerprints,
            jobFile: options.jobFile
        )
        let journal = try await check {
            try await checkpointer.begin(
                with: beginning,
                within: storagePatience,
                interruption: control.abortRequested
            )
        }
        let setup = RunLoop.Setup(
            job: job,
            graph: graph,
            attempts: attempts,
            jobFile: options.jobFile,
            leftOut: earlier?.leftOut ?? [:],
            scheduler: Scheduler(
                graph: graph,
                policies: policies,
                origins: origins,
                limit: limit,
                lookahead: min(limit, WorkerDemand(cores: cores).base)
            ),
            shared: SharedDictStore(beginning.sharedDict),
            plugins: plugins,
            masker: masker,
            checkpointer: checkpointer,
            journal: journal,
            limit: limit,
            cores: cores,
            keeper: options.keeper,
            report: report
        )
        return (setup, isRestart: earlier != nil)
    }

    private var limit: Int { job.configuration.maxConcurrency > 0 ? job.configuration.maxConcurrency : .max }
    private var cores: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }
    private var patience: Duration { job.configuration.pluginGrace }
    /// How long the checkpointer is waited for where no run may begin without it: a large checkpoint on a busy disk is
    /// no failure.
    private var storagePatience: Duration { patience * 6 }

    private var policies: [RetryPolicy] {
        job.tasks.values.map {
            RetryPolicy(
                maxAttempts: $0.maxAttempts,
                backoff: $0.backoff,
                timeout: $0.timeout ?? job.configuration.taskTimeout
            )
        }
    }

    // MARK: The run and what surrounds it

    private func run(
        _ setup: sending RunLoop.Setup,
        store: EngineSharedDictStorage,
        isRestart: Bool
    ) async throws -> Result<[ExecutionState], RunFailure> {
        let thread: EventLoopThread
        do throws(SystemError) { thread = try EventLoopThread() } catch { throw ResourceCheck.lackOfThreads(error) }
        let (hosted, checkpointer) = (setup.plugins.hosted, setup.checkpointer)
        await withTaskGroup { tasks in
            for plugin in hosted { tasks.addTask { await plugin.begin(isRestart: isRestart, patience: patience) } }
        }
        let deliveries = hosted.map { $0.startDelivery() }
        let outcome = await execute(setup, on: thread, store: store)
        await withTaskGroup { tasks in
            if outcome.ending != .success { tasks.addTask { await finish(checkpointer, outcome) } }
            for (plugin, delivery) in zip(hosted, deliveries) {
                tasks.addTask { await plugin.finish(delivery, outcome.ending, patience: patience) }
            }
        }
        // Last of all: a restart of a run that is killed while plug-ins finish must find that everything is done.
        if outcome.ending == .success { await finish(checkpointer, outcome) }
        store.loop.close()
        await thread.stop()
        return outcome.result
    }

    /// What the loop left: how it ended, and the progress to store.
    private struct Outcome: Sendable {
        var result: Result<[ExecutionState], RunFailure>
        var progress: CheckpointContents
        var journal: (any CheckpointJournal)?
        /// Whether the journal lacks steps.
        var isBehind: Bool

        var ending: RunEnding {
            guard case .success(let states) = result else { return .failure }
            if states.contains(.aborted) { return .abort }
            return states.contains(where: \.countsAsFailure) ? .failure : .success
        }
    }

    private func execute(
        _ setup: sending RunLoop.Setup,
        on thread: EventLoopThread,
        store: EngineSharedDictStorage
    ) async -> Outcome {
        let box = Sending(setup)
        return await withCheckedContinuation { continuation in
            thread.execute { loop in
                var run: RunLoop!
                run = RunLoop(box.take(), on: thread, loop: loop) { result in
                    let outcome = Outcome(
                        result: result,
                        progress: run.snapshot(),
                        journal: run.recorder.journal,
                        isBehind: run.recorder.isBehind
                    )
                    // The run may still be in the middle of a turn.
                    loop.later {
                        run = nil
                        continuation.resume(returning: outcome)
                    }
                }
                let bound = LoopBound(run!, on: thread)
                store.loop.open(bound)
                control.attach { bound.perform { $0.abort() } }
                run.begin()
            }
        }
    }

    private func finish(_ checkpointer: HostedCheckpointer, _ outcome: Outcome) async {
        let deadline = ContinuousClock.now + patience
        // Tasks that were left out on request are still to be done.
        let isComplete =
            outcome.ending == .success && outcome.progress.states.values.allSatisfy { $0 == .completed }
        do {
            try await checkpointer.end(
                outcome.journal,
                with: outcome.progress,
                isComplete: isComplete,
                isBehind: outcome.isBehind,
                within: patience
            )
        } catch {
            let rest: RunNotice.CheckpointRest =
                isComplete ? .leftOver : outcome.journal != nil ? .journal : .outdated
            report(.checkpointNotFinished("\(error)", rest))
        }
        guard !checkpointer.isStuck else { return }
        let remaining = max(ContinuousClock.now.duration(to: deadline), patience / 4)
        await checkpointer.plugin.finish(nil, outcome.ending, patience: remaining)
    }

    // MARK: Restarting

    /// Reads what an earlier run left, if this one continues it.
    private func loadProgress(from checkpointer: HostedCheckpointer, leftOut: Set<String>) async throws
        -> EarlierProgress?
    {
        guard options.isRestart, !options.discardsCheckpoint else { return nil }
        let contents: CheckpointContents
        do {
            contents = try await checkpointer.read(within: storagePatience, interruption: control.abortRequested)
        } catch is NoCheckpointAvailableError {
            report(.nothingToRestart(job: job.configuration.name))
            return nil
        }
        let origin = CheckpointOrigin(recorded: contents.jobFile, present: options.jobFile)
        if !options.adoptsCheckpoint, let refusal = origin.refusal(job: job.configuration.name) { throw refusal }
        if origin != .same { report(.checkpointFrom(origin)) }
        let plan = ResumePlan(redactedJob, contents, leftOut: leftOut, rerunChanged: options.rerunsChanged)
        report(.restarting(plan))
        return EarlierProgress(contents, plan: plan, leftOut: leftOut)
    }

    /// Says so if the run takes the place of another job's progress. What cannot be read is replaced without a word.
    private func noteReplacement(of checkpointer: HostedCheckpointer) async throws {
        guard let jobFile = options.jobFile, !options.isRestart, !options.discardsCheckpoint else { return }
        let contents: CheckpointContents
        do {
            contents = try await checkpointer.read(within: storagePatience, interruption: control.abortRequested)
        } catch let error as HostedCheckpointer.SlowError {
            throw error
        } catch {
            return
        }
        guard case .other(let path) = CheckpointOrigin(recorded: contents.jobFile, present: jobFile) else { return }
        report(
            .checkpointReplaced(
                job: job.configuration.name,
                file: path,
                completed: contents.states.values.count { $0 == .completed },
                total: contents.states.count
            )
        )
    }

    private func discard(_ checkpointer: HostedCheckpointer) async throws {
        let hadAny = try await checkpointer.discard(within: storagePatience, interruption: control.abortRequested)
        report(.checkpointDiscarded(job: job.configuration.name, hadAny: hadAny))
    }

    /// Performs a step without which no run may begin.
    private func check<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as HostedCheckpointer.SlowError {
            let text = control.isAborted ? "the run was aborted before it began" : "\(error); no task was run"
            throw RunFailure(text)
        } catch {
            throw RunFailure(masker.mask("\(error)"))
        }
    }
}

extension TaskOrigin {
    fileprivate var beginning: ExecutionState {
        switch self {
        case .fresh: .initial
        case .completed: .completed
        case .skipped: .skipped
        }
    }
}

extension ExecutionState {
    /// Whether a task in this state makes the job a failed one.
    package var countsAsFailure: Bool { self == .failed || self == .defaulted || self == .aborted }
}
