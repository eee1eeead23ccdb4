import FlowmancerCore

/// The checkpointer of a run: its methods are called one after the other, on a thread of its own, and within limits.
struct HostedCheckpointer: Sendable {
    let plugin: HostedPlugin
    private let checkpointer: any FlowCheckpointer
    private let jobName: String
    private var calls: PluginCalls { plugin.calls }
    /// Whether a call did not return in time, so that no other would be made.
    var isStuck: Bool { calls.isStuck }

    /// A call that did not return in time.
    struct SlowError: Error, CustomStringConvertible {
        let step: String
        let limit: Duration

        var description: String { "the checkpointer took longer than \(limit.text) to \(step)" }
    }

    /// An error that has no words of its own.
    struct BareError: Error, CustomStringConvertible {
        let step: String
        let error: any Error

        var description: String { "the checkpointer failed to \(step): \(error.inWords)" }
    }

    init(
        _ checkpointer: any FlowCheckpointer,
        jobName: String,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void
    ) {
        self.checkpointer = checkpointer
        self.jobName = jobName
        // It receives no events, but is told of the beginning and the end of the run like the others.
        let host = PluginHost(
            checkpointer,
            EventSink("checkpointer", [], .withoutLoss),
            context: context,
            report: report,
            deliver: { _ in }
        )
        plugin = HostedPlugin(host, report: report)
    }

    func acquireLock(within limit: Duration, interruption: Latch) async throws -> (any CheckpointLock)? {
        try await perform("lock the checkpoint", within: limit, interruption) {
            try await checkpointer.acquireLock(for: jobName)
        }
    }

    func read(within limit: Duration, interruption: Latch) async throws -> CheckpointContents {
        try await perform("read the checkpoint", within: limit, interruption) {
            try await checkpointer.readCheckpoint(for: jobName)
        }
    }

    /// Removes what is stored, whether it can be read or not.
    ///
    /// - Returns: Whether there was anything.
    func discard(within limit: Duration, interruption: Latch) async throws -> Bool {
        try await perform("remove the checkpoint", within: limit, interruption) {
            do {
                _ = try await checkpointer.readCheckpoint(for: jobName)
            } catch is NoCheckpointAvailableError {
                return false
            } catch {}
            try await checkpointer.clearCheckpoint(for: jobName)
            return true
        }
    }

    /// Stores the beginning of the run.
    ///
    /// - Returns: The journal for what follows, if the checkpointer keeps one.
    func begin(
        with contents: CheckpointContents,
        within limit: Duration,
        interruption: Latch
    ) async throws -> (any CheckpointJournal)? {
        try await perform("store the checkpoint", within: limit, interruption) {
            if let journal = try await checkpointer.openJournal(for: jobName, startingFrom: contents) { return journal }
            try await checkpointer.writeCheckpoint(contents, for: jobName)
            return nil
        }
    }

    /// Replaces the checkpoint.
    func store(_ contents: CheckpointContents, within limit: Duration) async throws {
        try await perform("store the checkpoint", within: limit, nil) {
            try await checkpointer.writeCheckpoint(contents, for: jobName)
        }
    }

    /// Ends the use of the journal and stores the final progress; nothing is kept if every task completed.
    ///
    /// - Parameter stored: What was stored last, unless it was a journal.
    func end(
        _ remains: RunLoop.Remains,
        isComplete: Bool,
        stored: CheckpointContents?,
        within limit: Duration
    ) async throws {
        try await perform(isComplete ? "remove the checkpoint" : "store the checkpoint", within: limit, nil) {
            try? remains.journal?.close()
            if isComplete {
                // A checkpointer that keeps a record of runs has to know how the last tasks ended. What it says of that
                // was said before, or is said next.
                if remains.isBehind { try? await checkpointer.writeCheckpoint(remains.progress, for: jobName) }
                try await checkpointer.clearCheckpoint(for: jobName)
            } else if remains.progress != stored {
                try await checkpointer.writeCheckpoint(remains.progress, for: jobName)
            }
        }
    }

    // MARK: During the run

    /// Replaces the checkpoint; the completion may never be called.
    func write(
        _ contents: CheckpointContents,
        completion: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        start(completion) { try await checkpointer.writeCheckpoint(contents, for: jobName) }
    }

    /// Starts a journal with the present progress; the completion may never be called.
    func openJournal(
        startingFrom contents: CheckpointContents,
        completion: @escaping @Sendable (Result<(any CheckpointJournal)?, any Error>) -> Void
    ) {
        start(completion) { try await checkpointer.openJournal(for: jobName, startingFrom: contents) }
    }

    private func start<Value: Sendable>(
        _ completion: @escaping @Sendable (Result<Value, any Error>) -> Void,
        _ body: @escaping @Sendable () async throws -> Value
    ) {
        calls.enqueue {
            do {
                completion(.success(try await body()))
            } catch {
                completion(.failure(error))
            }
        }
    }

    private func perform<Value: Sendable>(
        _ step: String,
        within limit: Duration,
        _ interruption: Latch?,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // Calls are made one after the other: behind one that does not return, none would be made.
        guard !isStuck, let result = await calls.perform(within: limit, interruption: interruption, body) else {
            throw SlowError(step: step, limit: limit)
        }
        return try result.mapError { error in
            let hasWords = type(of: error) is any CustomStringConvertible.Type
            return hasWords ? error : BareError(step: step, error: error)
        }.get()
    }
}
