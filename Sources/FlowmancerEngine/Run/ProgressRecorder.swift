import Dispatch
import FlowmancerCore
import NIOCore

/// Stores the progress of a run: in a journal if the checkpointer keeps one, otherwise at intervals.
///
/// Used on the event loop only; the checkpointer itself works elsewhere.
final class ProgressRecorder {
    /// How often a journal is made to outlive a power failure, and how often a failing one is started anew.
    private static let synchronisation: TimeAmount = .seconds(1)

    private let eventLoop: any EventLoop
    private let checkpointer: HostedCheckpointer
    private let interval: TimeAmount
    /// How long the run waits for a journal that is started anew.
    private let patience: Duration
    private let report: @Sendable (RunNotice) -> Void
    private let snapshot: () -> CheckpointContents
    private let resumed: () -> Void
    /// Where the disk is waited for; one synchronisation at a time.
    private let disk = DispatchQueue(label: "flowmancer.synchronisation")
    private let entrance = LoopEntrance<ProgressRecorder>()

    private var storage: Storage
    private var isDirty = false
    private var isSynchronising = false
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
        /// Starting the journal anew takes so long that the run does not wait for it.
        case stalled
        /// The checkpointer keeps no journal.
        case periodic(isWriting: Bool)
    }

    /// Creates a recorder.
    ///
    /// - Parameters:
    ///   - journal: The journal that the checkpointer opened, if it keeps one.
    ///   - configuration: Says how often a checkpointer without a journal writes, and how long a slow one is waited for.
    ///   - snapshot: Returns the present progress.
    ///   - resumed: Called when progress can be recorded again after ``isBlocked``.
    init(
        eventLoop: any EventLoop,
        checkpointer: HostedCheckpointer,
        journal: (any CheckpointJournal)?,
        configuration: JobConfiguration,
        report: @escaping @Sendable (RunNotice) -> Void,
        snapshot: @escaping () -> CheckpointContents,
        resumed: @escaping () -> Void
    ) {
        self.eventLoop = eventLoop
        self.checkpointer = checkpointer
        self.report = report
        self.snapshot = snapshot
        self.resumed = resumed
        patience = configuration.pluginGrace
        if let journal {
            storage = .journal(journal)
            interval = Self.synchronisation
        } else {
            storage = .periodic(isWriting: false)
            interval = max(.init(configuration.checkpointerInterval), .milliseconds(10))
        }
        entrance.open(NIOLoopBound(self, eventLoop: eventLoop))
    }

    /// Whether nothing can be recorded right now, and so nothing may be acted on.
    var isBlocked: Bool { if case .rewriting = storage { true } else { false } }

    /// The journal to close at the end, if there is one.
    var journal: (any CheckpointJournal)? { if case .journal(let journal) = storage { journal } else { nil } }

    /// Records what is about to be acted on.
    func record(_ entries: [JournalEntry]) {
        guard !entries.isEmpty, !isStopped else { return }
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
        entrance.close()
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
        case .journal where isSynchronising:
            schedule()
        case .journal(let journal):
            synchronise(journal)
        case .failing:
            rewrite(wasFailing: true)
        case .periodic(isWriting: false):
            write()
        case .rewriting, .stalled, .periodic(isWriting: true):
            schedule()
        }
    }

    // MARK: The journal

    private func synchronise(_ journal: any CheckpointJournal) {
        isDirty = false
        isSynchronising = true
        disk.async { [entrance] in
            let result = Result { try journal.synchronize() }
            entrance.enter { $0.noteSynchronisation(result) }
        }
    }

    private func noteSynchronisation(_ result: Result<Void, any Error>) {
        isSynchronising = false
        guard case .journal(let journal) = storage, case .failure(let error) = result else { return }
        report(.checkpointFailing("\(error)"))
        try? journal.close()
        storage = .failing
        isDirty = true
        schedule()
    }

    private func rewrite(wasFailing: Bool) {
        storage = .rewriting(wasFailing: wasFailing)
        isDirty = true
        checkpointer.openJournal(startingFrom: snapshot()) { [entrance] result in
            entrance.enter { $0.finishRewriting(result) }
        }
        let deadline = eventLoop.assumeIsolated().scheduleTask(in: .init(patience)) { [weak self] in
            guard let self, case .rewriting = storage else { return }
            storage = .stalled
            if !wasFailing {
                report(.checkpointFailing("the checkpointer took longer than \(patience.text) to start a journal"))
            }
            resumed()
        }
        endRewriting = { deadline.cancel() }
    }

    /// Ends the time that is measured while the journal is being started anew.
    private var endRewriting: () -> Void = {}

    private func finishRewriting(_ result: Result<(any CheckpointJournal)?, any Error>) {
        endRewriting()
        switch (storage, result) {
        case (.rewriting(let wasFailing), .success(let journal?)):
            storage = .journal(journal)
            if wasFailing { report(.checkpointRecovered) }
        case (.rewriting, .success(nil)):
            storage = .periodic(isWriting: false)
        case (.rewriting(let wasFailing), .failure(let error)):
            if !wasFailing { report(.checkpointFailing("\(error)")) }
            storage = .failing
        case (.stalled, _):
            // What happened meanwhile is not in it.
            try? result.get()?.close()
            storage = .failing
        case (.journal, _), (.failing, _), (.periodic, _):
            return
        }
        schedule()
        resumed()
    }

    // MARK: Without a journal

    private func write() {
        isDirty = false
        storage = .periodic(isWriting: true)
        checkpointer.write(snapshot()) { [entrance] result in
            entrance.enter { $0.finishWriting(result) }
        }
    }

    private func finishWriting(_ result: Result<Void, any Error>) {
        storage = .periodic(isWriting: false)
        switch result {
        case .success:
            if isWritingFailing { report(.checkpointRecovered) }
            isWritingFailing = false
        case .failure(let error):
            if !isWritingFailing { report(.checkpointFailing("\(error)")) }
            isWritingFailing = true
            isDirty = true
        }
        if isDirty { schedule() }
    }
}
