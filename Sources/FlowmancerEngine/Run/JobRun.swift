package import FlowmancerCore
import Glibc
import NIOCore
import NIOPosix

/// A run of a job from its plug-ins' creation to their end.
package struct JobRun: Sendable {
    private let job: JobDefinition
    private let catalog: TypeCatalog
    private let options: RunOptions
    private let control: RunControl
    private let report: @Sendable (RunNotice) -> Void
    private let masker: SecretMasker?
    /// The job without its secrets: what may be stored, or compared with what was stored.
    private let redactedJob: JobDefinition

    /// Creates a run of a job that ``JobValidator`` found valid.
    ///
    /// - Parameters:
    ///   - control: Aborts the run.
    ///   - report: Receives what people should know, from any thread.
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
        self.report = { notice in report(notice.masked(by: masker)) }
    }

    /// Runs the job.
    ///
    /// - Returns: The final state of every task by name.
    /// - Throws: ``InvalidJobError`` for a selection that names no task, ``RunFailure`` if the run could not begin or
    ///   go on.
    package func execute() async throws -> [(task: String, state: ExecutionState)] {
        signal(SIGPIPE, SIG_IGN)
        let graph = TaskGraph(job)
        let (skipped, issues) = options.selection.skippedTasks(in: graph)
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }

        let store = EngineSharedDictStorage()
        let sharedDict = SharedDict(storage: store)
        let plugins = try PluginSet(job, catalog: catalog, sharedDict: sharedDict, report: report)
        let checkpointer = try PluginSet.checkpointer(of: job, catalog: catalog)
        let observer = PluginSet.hosted(checkpointer, of: job, sharedDict, report)
        let observation = await observer.start(patience: patience, report: report)
        let result: Result<[ExecutionState], RunFailure>
        do {
            let lock = try await check { try await checkpointer.acquireLock(for: job.configuration.name) }
            defer { lock?.release() }
            let (setup, isRestart) = try await prepare(graph, skipped: skipped, plugins, checkpointer)
            if isRestart { await observer.restart(patience: patience, report: report) }
            result = await run(setup, store: store, isRestart: isRestart) { ending in
                await observer.finish(observation, ending, patience: patience, report: report)
            }
        } catch {
            await observer.finish(observation, .failure, patience: patience, report: report)
            throw error
        }
        let states = try result.mapError { RunFailure(masker.mask($0.description)) }.get()
        return zip(graph.names, states).map { (task: $0, state: $1) }
    }

    /// Reads what is stored and stores the beginning: what fails here keeps the run from beginning.
    private func prepare(
        _ graph: TaskGraph,
        skipped: Set<Int>,
        _ plugins: PluginSet,
        _ checkpointer: any FlowCheckpointer
    ) async throws -> sending (RunLoop.Setup, isRestart: Bool) {
        let name = job.configuration.name
        let restart = try await check { try await loadRestart(from: checkpointer) }
        var attempts = try AttemptMessages(
            job,
            redactedJob: redactedJob,
            catalog: catalog,
            restarted: restart?.restarted ?? [],
            isDebug: options.isDebug
        )
        attempts.fingerprints.merge(restart?.fingerprints ?? [:]) { _, completed in completed }
        let origins = graph.names.enumerated().map { number, name -> TaskOrigin in
            restart?.completed.contains(name) == true ? .completed : skipped.contains(number) ? .skipped : .fresh
        }
        let beginning = CheckpointContents(
            name: name,
            states: Dictionary(uniqueKeysWithValues: zip(graph.names, origins.map(\.beginning))),
            sharedDict: restart?.sharedDict ?? [:],
            fingerprints: attempts.fingerprints
        )
        let journal = try await check { () async throws -> (any CheckpointJournal)? in
            if let journal = try await checkpointer.openJournal(for: name, startingFrom: beginning) { return journal }
            try await checkpointer.writeCheckpoint(beginning, for: name)
            return nil
        }
        let setup = RunLoop.Setup(
            job: job,
            graph: graph,
            attempts: attempts,
            scheduler: Scheduler(
                graph: graph,
                policies: policies,
                origins: origins,
                limit: job.configuration.maxConcurrency
            ),
            shared: SharedDictStore(beginning.sharedDict),
            plugins: plugins,
            masker: masker,
            checkpointer: checkpointer,
            journal: journal,
            cores: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            report: report
        )
        return (setup, isRestart: restart != nil)
    }

    private var patience: Duration { job.configuration.pluginGrace }

    private var policies: [RetryPolicy] {
        job.tasks.values.map { RetryPolicy(maxAttempts: $0.maxAttempts, backoff: $0.backoff) }
    }

    // MARK: The run and what surrounds it

    private func run(
        _ setup: sending RunLoop.Setup,
        store: EngineSharedDictStorage,
        isRestart: Bool,
        finishCheckpointer: (RunEnding) async -> Void
    ) async -> Result<[ExecutionState], RunFailure> {
        let (hosted, checkpointer) = (setup.plugins.hosted, setup.checkpointer)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var consumers: [Task<Void, Never>] = []
        for plugin in hosted {
            consumers.append(await plugin.start(patience: patience, report: report))
            if isRestart { await plugin.restart(patience: patience, report: report) }
        }

        let outcome = await execute(setup, on: group.next(), store: store)
        await finishCheckpoint(outcome, checkpointer)
        await finishCheckpointer(outcome.ending)
        await withTaskGroup { tasks in
            for (plugin, consumer) in zip(hosted, consumers) {
                tasks.addTask {
                    await plugin.finish(consumer, outcome.ending, patience: patience, report: report)
                }
            }
        }
        store.detach()
        try? await group.shutdownGracefully()
        return outcome.result
    }

    /// What the loop left: how it ended, and the progress to store.
    private struct Outcome: Sendable {
        var result: Result<[ExecutionState], RunFailure>
        var progress: CheckpointContents
        var journal: (any CheckpointJournal)?

        var ending: RunEnding {
            guard case .success(let states) = result else { return .failure }
            if states.contains(.aborted) { return .abort }
            return states.contains(where: \.countsAsFailure) ? .failure : .success
        }
    }

    private func execute(
        _ setup: sending RunLoop.Setup,
        on eventLoop: any EventLoop,
        store: EngineSharedDictStorage
    ) async -> Outcome {
        let box = Sending(setup)
        return await withCheckedContinuation { continuation in
            eventLoop.execute {
                var loop: RunLoop!
                loop = RunLoop(box.take(), on: eventLoop) { result in
                    let outcome = Outcome(result: result, progress: loop.snapshot(), journal: loop.recorder.journal)
                    // The loop may still be in the middle of a turn.
                    eventLoop.assumeIsolated().execute {
                        loop = nil
                        continuation.resume(returning: outcome)
                    }
                }
                let bound = NIOLoopBound(loop!, eventLoop: eventLoop)
                store.attach(bound)
                control.attach { eventLoop.execute { bound.value.abort() } }
                loop.begin()
            }
        }
    }

    private func finishCheckpoint(_ outcome: Outcome, _ checkpointer: any FlowCheckpointer) async {
        do {
            try outcome.journal?.close()
            if case .success = outcome.ending {
                try await checkpointer.clearCheckpoint(for: job.configuration.name)
            } else {
                try await checkpointer.writeCheckpoint(outcome.progress, for: job.configuration.name)
            }
        } catch {
            report(.checkpointFailing("\(error)"))
        }
    }

    // MARK: Restarting

    private struct Restart {
        var completed: Set<String>
        var restarted: Set<String>
        var sharedDict: [String: JSONText]
        /// The digests of the definitions by which tasks completed.
        var fingerprints: [String: String]
    }

    private func loadRestart(from checkpointer: any FlowCheckpointer) async throws -> Restart? {
        guard options.isRestart else { return nil }
        let contents: CheckpointContents
        do {
            contents = try await checkpointer.readCheckpoint(for: job.configuration.name)
        } catch is NoCheckpointAvailableError {
            report(.nothingToRestart(job: job.configuration.name))
            return nil
        }
        let plan = ResumePlan(redactedJob, contents, rerunChanged: options.rerunsChanged)
        report(.restarting(plan))
        let completed = Set(plan.decisions.filter(\.decision.isKept).map(\.task))
        return Restart(
            completed: completed,
            restarted: Set(plan.decisions.filter(\.decision.isRestart).map(\.task)),
            sharedDict: contents.sharedDict,
            fingerprints: contents.fingerprints.filter { completed.contains($0.key) }
        )
    }

    /// Performs a step without which no run may begin.
    private func check<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
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
