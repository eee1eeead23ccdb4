import Dispatch
package import FlowmancerCore
import FoundationEssentials
import Glibc

/// A run of a job from its plug-ins' creation to their end.
package struct JobRun: Sendable {
    let job: JobDefinition
    let catalog: TypeCatalog
    let options: RunOptions
    let control: RunControl
    private let notices: NoticeQueue
    let masker: SecretMasker?
    /// The job without its secrets: what may be stored, or compared with what was stored.
    let redactedJob: JobDefinition
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
        notices = NoticeQueue { notice in
            var notice = notice
            notice.text = masker.mask(notice.text)
            report(notice)
        }
    }

    /// How long what shows notices is waited for at the end.
    private static let noticePatience = Duration.seconds(1)

    /// How long the release of the checkpointer's lock is waited for.
    private static let releasePatience = Duration.seconds(2)

    var report: @Sendable (RunNotice) -> Void { notices.post }

    /// Runs the job.
    ///
    /// - Returns: The final state of every task by name.
    /// - Throws: ``InvalidJobError`` for a selection that names no task, ``JobRunError`` if the run could not begin or
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
        let result: Result<[ExecutionState], JobRunError>
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
        let states = try result.mapError { JobRunError($0.code, masker.mask($0.description)) }.get()
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

    // MARK: The run and what surrounds it

    private func run(
        _ setup: sending RunLoop.Setup,
        store: EngineSharedDictStorage,
        isRestart: Bool
    ) async throws -> Result<[ExecutionState], JobRunError> {
        let loop: HostedLoop
        do throws(SystemError) { loop = try HostedLoop(store.loop) } catch { throw ResourceCheck.lackOfThreads(error) }
        let (hosted, checkpointer) = (setup.plugins.hosted, setup.checkpointer)
        await withTaskGroup { tasks in
            for plugin in hosted { tasks.addTask { await plugin.begin(isRestart: isRestart, patience: patience) } }
        }
        let deliveries = hosted.map { $0.startDelivery() }
        let result = await loop.run(setup, control: control)
        let ending = RunEnding(result)
        // Plug-ins may take their time to end: what no journal has of a run that is to be continued is stored meanwhile.
        async let early = ending == .success ? nil : await storeEarly(await loop.takeUnrecordedProgress(), checkpointer)
        await withTaskGroup { tasks in
            for (plugin, delivery) in zip(hosted, deliveries) {
                tasks.addTask { await plugin.finish(delivery, ending, patience: patience) }
            }
        }
        let stored = await early
        // The checkpointer comes last: it stores what the others wrote, and if a run that succeeded is killed before, a
        // restart must find that everything is done.
        await finish(checkpointer, ending, await loop.seal(), stored: stored)
        await loop.stop()
        return result
    }

    /// Stores the progress at the end of the tasks.
    ///
    /// - Returns: What was stored, if that succeeded.
    private func storeEarly(_ progress: CheckpointContents?, _ checkpointer: HostedCheckpointer) async
        -> CheckpointContents?
    {
        guard let progress else { return nil }
        // If it fails, the end, which tries again, tells so.
        return (try? await checkpointer.store(progress, within: patience)).map { progress }
    }

    private func finish(
        _ checkpointer: HostedCheckpointer,
        _ ending: RunEnding,
        _ remains: RunLoop.Remains,
        stored: CheckpointContents?
    ) async {
        let deadline = ContinuousClock.now + patience
        // Tasks that were left out on request are still to be done.
        let isComplete = ending == .success && remains.progress.states.values.allSatisfy { $0 == .completed }
        do {
            try await checkpointer.end(remains, isComplete: isComplete, stored: stored, within: patience)
        } catch {
            let rest: RunNotice.CheckpointRest =
                isComplete ? .leftOver : remains.journal != nil ? .journal : .outdated
            report(.checkpointNotFinished(error.inWords, rest))
        }
        guard !checkpointer.isStuck else { return }
        let remaining = max(ContinuousClock.now.duration(to: deadline), patience / 4)
        await checkpointer.plugin.finish(nil, ending, patience: remaining)
    }
}
