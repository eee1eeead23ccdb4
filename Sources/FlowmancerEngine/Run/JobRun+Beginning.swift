import FlowmancerCore
import Glibc

/// What comes before a run: what is stored of an earlier one is read, and the beginning is stored.
extension JobRun {
    /// Reads what is stored and stores the beginning: what fails here keeps the run from beginning.
    func prepare(
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
            run: id,
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
            runID: id,
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
            id: id,
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
    var patience: Duration { job.configuration.pluginGrace }
    /// How long the checkpointer is waited for where no run may begin without it: a large checkpoint on a busy disk is
    /// no failure.
    var storagePatience: Duration { patience * 6 }

    private var policies: [RetryPolicy] {
        job.tasks.values.map {
            RetryPolicy(
                maxAttempts: $0.maxAttempts,
                backoff: $0.backoff,
                timeout: $0.timeout ?? job.configuration.taskTimeout
            )
        }
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
        let origin = CheckpointOrigin(of: contents, for: redactedJob, present: options.jobFile)
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

    func discard(_ checkpointer: HostedCheckpointer) async throws {
        let hadAny = try await checkpointer.discard(within: storagePatience, interruption: control.abortRequested)
        report(.checkpointDiscarded(job: job.configuration.name, hadAny: hadAny))
    }

    /// Performs a step without which no run may begin.
    func check<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as JobRunError {
            throw JobRunError(error.code, masker.mask(error.description))
        } catch let error as HostedCheckpointer.SlowError {
            if control.isAborted { throw JobRunError(.aborted, "the run was aborted before it began") }
            throw JobRunError(.checkpointUnusable, "\(error); no task was run")
        } catch {
            let code: JobRunError.Code = error is CheckpointLockedError ? .checkpointLocked : .checkpointUnusable
            throw JobRunError(code, masker.mask(error.inWords))
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
