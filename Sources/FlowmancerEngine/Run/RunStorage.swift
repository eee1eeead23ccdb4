import Dispatch
import FlowmancerCore

/// The checkpoint of a run, from the lock to the final contents.
struct RunStorage: Sendable {
    let checkpointer: HostedCheckpointer
    /// The job without its secrets.
    let job: JobDefinition
    let options: RunOptions
    /// Ends the waiting for the checkpointer before the run begins.
    let interruption: Latch
    let report: @Sendable (RunNotice) -> Void

    /// How long the release of the lock is waited for.
    private static let releasePatience = Duration.seconds(2)

    private var patience: Duration { job.configuration.pluginGrace }
    /// How long the checkpointer is waited for where no run may begin without it: a large checkpoint on a busy disk is
    /// no failure.
    private var longPatience: Duration { patience * 6 }

    // MARK: Before the run: what fails keeps it from beginning

    /// Tells the checkpointer that a run begins, and keeps other runs of the job out while the body runs.
    func locked<Value>(_ body: () async throws -> sending Value) async throws -> sending Value {
        await checkpointer.plugin.begin(isRestart: false, patience: patience)
        do {
            let lock = try await checkpointer.acquireLock(within: longPatience, interruption: interruption)
            do {
                let value = try await body()
                await release(lock)
                return value
            } catch {
                await release(lock)
                throw error
            }
        } catch {
            if !checkpointer.isStuck { await checkpointer.plugin.finish(nil, .failure, patience: patience) }
            throw error
        }
    }

    /// The lock is gone with the process, too, so its release is not waited for without a limit.
    private func release(_ lock: (any CheckpointLock)?) async {
        guard let lock else { return }
        let released = Latch()
        DispatchQueue(label: "flowmancer.lock").async {
            lock.release()
            released.open()
        }
        _ = await released.wait(atMost: Self.releasePatience)
    }

    /// Returns what an earlier run left, if this one continues it.
    func readEarlier() async throws -> CheckpointContents? {
        if options.discardsCheckpoint {
            let hadAny = try await checkpointer.discard(within: longPatience, interruption: interruption)
            report(.checkpointDiscarded(job: job.configuration.name, hadAny: hadAny))
            return nil
        }
        guard options.isRestart else {
            try await noteReplacement()
            return nil
        }
        do {
            let contents = try await read()
            let origin = CheckpointOrigin(of: contents, for: job, present: options.jobFile)
            if !options.adoptsCheckpoint, let refusal = origin.refusal(job: job.configuration.name) { throw refusal }
            if origin != .same { report(.checkpointFrom(origin)) }
            return contents
        } catch is NoCheckpointAvailableError {
            report(.nothingToRestart(job: job.configuration.name))
            return nil
        }
    }

    /// Says so if the run replaces the progress of another job file. What cannot be read is replaced without a word.
    private func noteReplacement() async throws {
        guard let jobFile = options.jobFile else { return }
        let contents: CheckpointContents
        do {
            contents = try await read()
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

    private func read() async throws -> CheckpointContents {
        try await checkpointer.read(within: longPatience, interruption: interruption)
    }

    /// Stores the beginning of the run.
    ///
    /// - Returns: The journal for what follows, if the checkpointer keeps one.
    func begin(with contents: CheckpointContents, isRestart: Bool) async throws -> (any CheckpointJournal)? {
        let journal = try await checkpointer.begin(with: contents, within: longPatience, interruption: interruption)
        if isRestart { await checkpointer.plugin.noteRestart(patience: patience) }
        return journal
    }

    // MARK: After the tasks: what fails is told, and ends nothing

    /// Stores the progress while plug-ins take their time to end.
    ///
    /// - Returns: What was stored, if that succeeded.
    func store(_ progress: CheckpointContents?) async -> CheckpointContents? {
        guard let progress else { return nil }
        // If it fails, the end, which tries again, tells so.
        return (try? await checkpointer.store(progress, within: patience)).map { progress }
    }

    /// Stores the final contents, or removes the checkpoint of a run that is done, and ends the checkpointer.
    ///
    /// - Parameters:
    ///   - isPartial: Whether tasks were left out on request, which are still to be done.
    ///   - stored: What ``store(_:)`` stored.
    func finish(
        _ ending: RunEnding,
        _ remains: RunLoop.Remains,
        isPartial: Bool,
        stored: CheckpointContents?
    ) async {
        let deadline = ContinuousClock.now + patience
        // A failure that is allowed is the end of a task, and so is a rule that was not met.
        let isComplete = ending == .success && !isPartial
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
