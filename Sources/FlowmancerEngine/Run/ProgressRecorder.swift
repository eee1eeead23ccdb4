import Dispatch
import FlowmancerCore
import FlowmancerFaults
import NIOCore

/// Stores the progress of a run: in a journal if the checkpointer keeps one, otherwise at intervals.
///
/// Used on the event loop only; the checkpointer itself works elsewhere.
final class ProgressRecorder {
    /// How often a journal is made to outlive a power failure, and how often a failing one is started anew.
    private static let synchronisation: TimeAmount = .seconds(1)

    private let eventLoop: any EventLoop
    private let checkpointer: any FlowCheckpointer
    private let jobName: String
    private let interval: TimeAmount
    private let report: @Sendable (RunNotice) -> Void
    private let snapshot: () -> CheckpointContents
    private let resumed: () -> Void

    private var storage: Storage
    private var isDirty = false
    /// Whether the last write of a checkpointer without a journal failed.
    private var isWritingFailing = false
    private var isStopped = false
    private var timer: Scheduled<Void>?

    private enum Storage {
        case journal(any CheckpointJournal)
        /// The journal failed; it has to be started anew.
        case failing
        /// The journal is being started anew. Nothing may be acted on before that is done.
        case rewriting(wasFailing: Bool)
        /// The checkpointer keeps no journal.
        case periodic(isWriting: Bool)
    }

    /// Creates a recorder.
    ///
    /// - Parameters:
    ///   - journal: The journal that the checkpointer opened, if it keeps one.
    ///   - interval: How often a checkpointer without a journal writes.
    ///   - snapshot: Returns the present progress.
    ///   - resumed: Called when progress can be recorded again after ``isBlocked``.
    init(
        eventLoop: any EventLoop,
        checkpointer: any FlowCheckpointer,
        journal: (any CheckpointJournal)?,
        jobName: String,
        interval: Duration,
        report: @escaping @Sendable (RunNotice) -> Void,
        snapshot: @escaping () -> CheckpointContents,
        resumed: @escaping () -> Void
    ) {
        self.eventLoop = eventLoop
        self.checkpointer = checkpointer
        self.jobName = jobName
        self.report = report
        self.snapshot = snapshot
        self.resumed = resumed
        if let journal {
            storage = .journal(journal)
            self.interval = Self.synchronisation
        } else {
            storage = .periodic(isWriting: false)
            self.interval = max(.init(interval), .milliseconds(10))
        }
    }

    /// Whether nothing can be recorded right now, and so nothing may be acted on.
    var isBlocked: Bool { if case .rewriting = storage { true } else { false } }

    /// The journal to close at the end, if there is one.
    var journal: (any CheckpointJournal)? { if case .journal(let journal) = storage { journal } else { nil } }

    /// Records what is about to be acted on.
    func record(_ entries: [JournalEntry]) {
        guard !entries.isEmpty else { return }
        isDirty = true
        schedule()
        guard case .journal(let journal) = storage else { return }
        do {
            try journal.append(entries)
        } catch {
            report(.checkpointFailing("\(error)"))
            try? journal.close()
            storage = .failing
        }
    }

    /// Ends the work in the background.
    func stop() {
        isStopped = true
        timer?.cancel()
    }

    private func schedule() {
        guard timer == nil, !isStopped else { return }
        timer = eventLoop.assumeIsolated().scheduleTask(in: interval) { [weak self] in
            self?.timer = nil
            self?.elapse()
        }
    }

    private func elapse() {
        guard isDirty, !isStopped else { return }
        switch storage {
        case .journal(let journal) where journal.isDueForCompaction:
            try? journal.close()
            rewrite(wasFailing: false)
        case .journal(let journal):
            isDirty = false
            let bound = NIOLoopBound(self, eventLoop: eventLoop)
            DispatchQueue.global().async {
                do {
                    try journal.synchronize()
                } catch {
                    Self.execute(bound) { $0.noteFailedSynchronisation(error) }
                }
            }
        case .failing:
            rewrite(wasFailing: true)
        case .periodic(isWriting: false):
            write()
        case .rewriting, .periodic(isWriting: true):
            schedule()
        }
    }

    private func noteFailedSynchronisation(_ error: any Error) {
        guard case .journal(let journal) = storage, !isStopped else { return }
        report(.checkpointFailing("\(error)"))
        try? journal.close()
        storage = .failing
        isDirty = true
        schedule()
    }

    private func rewrite(wasFailing: Bool) {
        storage = .rewriting(wasFailing: wasFailing)
        FaultPoint.pass("compaction.begin")
        let contents = snapshot()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let (checkpointer, jobName) = (checkpointer, jobName)
        Task.detached { @Sendable in await Self.openJournal(checkpointer, jobName, contents, bound) }
    }

    private static func openJournal(
        _ checkpointer: any FlowCheckpointer,
        _ jobName: String,
        _ contents: CheckpointContents,
        _ recorder: NIOLoopBound<ProgressRecorder>
    ) async {
        do {
            let journal = try await checkpointer.openJournal(for: jobName, startingFrom: contents)
            execute(recorder) { $0.finishRewriting(.success(journal)) }
        } catch {
            execute(recorder) { $0.finishRewriting(.failure(error)) }
        }
    }

    private func finishRewriting(_ result: Result<(any CheckpointJournal)?, any Error>) {
        guard case .rewriting(let wasFailing) = storage else { return }
        switch result {
        case .success(let journal?):
            storage = .journal(journal)
            FaultPoint.pass("compaction.end")
            if wasFailing { report(.checkpointRecovered) }
        case .success(nil):
            storage = .periodic(isWriting: false)
        case .failure(let error):
            if !wasFailing { report(.checkpointFailing("\(error)")) }
            storage = .failing
        }
        schedule()
        resumed()
    }

    private func write() {
        isDirty = false
        storage = .periodic(isWriting: true)
        let contents = snapshot()
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        let (checkpointer, jobName) = (checkpointer, jobName)
        Task.detached { @Sendable in
            do {
                try await checkpointer.writeCheckpoint(contents, for: jobName)
                Self.execute(bound) { $0.finishWriting(nil) }
            } catch {
                Self.execute(bound) { $0.finishWriting(error) }
            }
        }
    }

    private func finishWriting(_ error: (any Error)?) {
        storage = .periodic(isWriting: false)
        if let error {
            if !isWritingFailing { report(.checkpointFailing("\(error)")) }
            isDirty = true
        } else if isWritingFailing {
            report(.checkpointRecovered)
        }
        isWritingFailing = error != nil
        if isDirty { schedule() }
    }

    private static func execute(
        _ bound: NIOLoopBound<ProgressRecorder>,
        _ body: @escaping @Sendable (ProgressRecorder) -> Void
    ) {
        bound.eventLoop.execute { body(bound.value) }
    }
}
