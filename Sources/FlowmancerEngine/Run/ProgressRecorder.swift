import Dispatch
import FlowmancerCore
import FlowmancerFaults

/// Stores the progress of a run: in a journal if the checkpointer keeps one, otherwise at intervals.
///
/// Used on the event loop only; the checkpointer itself works elsewhere.
final class ProgressRecorder {
    /// How often a journal is made to outlive a power failure, and how often a failing one is started anew.
    private static let synchronisation: Duration = .seconds(1)

    private let loop: EventLoop
    private let checkpointer: HostedCheckpointer
    private let interval: Duration
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
    /// Whether what follows is stored at the end of the run only.
    private var storesAtEnd = false
    private var timer: EventLoop.Timer?
    /// Ends the waiting for the checkpointer.
    private var watchdog: EventLoop.Timer?

    /// The number of the last journal that was opened: what is heard of an earlier one is of no interest.
    private var lastJournal = 0

    private enum Storage {
        case journal(any CheckpointJournal, number: Int)
        /// The journal failed, or could not be started anew, which has to be tried again. The one before is still of use
        /// if every step is in it: it survives the process, if not a power failure.
        case failing(previous: (any CheckpointJournal)?)
        /// The journal is being started anew. Nothing may be acted on before that is done.
        case rewriting(previous: (any CheckpointJournal)?, wasFailing: Bool)
        /// Starting the journal anew takes so long that the run does not wait for it.
        case stalled(previous: (any CheckpointJournal)?)
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
        thread: EventLoopThread,
        loop: EventLoop,
        checkpointer: HostedCheckpointer,
        journal: (any CheckpointJournal)?,
        configuration: JobConfiguration,
        report: @escaping @Sendable (RunNotice) -> Void,
        snapshot: @escaping () -> CheckpointContents,
        resumed: @escaping () -> Void
    ) {
        self.loop = loop
        self.checkpointer = checkpointer
        self.report = report
        self.snapshot = snapshot
        self.resumed = resumed
        patience = configuration.pluginGrace
        if let journal {
            storage = .journal(journal, number: 0)
            interval = Self.synchronisation
        } else {
            storage = .periodic(isWriting: false)
            interval = max(configuration.checkpointerInterval, .milliseconds(10))
        }
        entrance.open(LoopBound(self, on: thread))
    }

    /// Whether nothing can be recorded right now, and so nothing may be acted on: not so once nothing is recorded any more.
    var isBlocked: Bool { if case .rewriting = storage { !isStopped } else { false } }

    /// The journal that has every step of the run, if there is one.
    var journal: (any CheckpointJournal)? {
        switch storage {
        case .journal(let journal, _): journal
        case .failing(let previous), .rewriting(let previous, _), .stalled(let previous): previous
        case .periodic: nil
        }
    }

    /// Ends the writes at intervals of a checkpointer that keeps no journal: the end of the run is near, and stores all.
    ///
    /// - Returns: Whether it is one.
    func endPeriodicWrites() -> Bool {
        guard case .periodic = storage else { return false }
        storesAtEnd = true
        timer?.cancel()
        return true
    }

    /// Whether a journal that failed lacks steps, and none that has them took its place.
    var isBehind: Bool {
        switch storage {
        case .failing(previous: nil), .rewriting(previous: nil, _), .stalled(previous: nil): true
        case .journal, .failing, .rewriting, .stalled, .periodic: false
        }
    }

    /// Records what is about to be acted on.
    func record(_ entries: [JournalEntry]) {
        guard !entries.isEmpty, !isStopped else { return }
        isDirty = true
        schedule()
        guard let journal else { return }
        do {
            try journal.append(entries)
        } catch {
            // What follows may not be recorded either: a gap would set states and shared values at odds.
            try? journal.close()
            if case .journal = storage { report(.checkpointFailing(error.inWords)) }
            if case .stalled = storage { storage = .stalled(previous: nil) } else { storage = .failing(previous: nil) }
        }
    }

    /// Ends the work in the background.
    func stop() {
        isStopped = true
        timer?.cancel()
        watchdog?.cancel()
        entrance.close()
    }

    private func schedule() {
        guard timer == nil, !isStopped, !storesAtEnd else { return }
        timer = loop.schedule(after: interval) { [self] in
            timer = nil
            elapse()
        }
    }

    private func elapse() {
        guard isDirty, !isStopped else { return }
        switch storage {
        case .journal(let journal, _) where journal.isDueForCompaction:
            rewrite(previous: journal, wasFailing: false)
        case .journal where isSynchronising:
            schedule()
        case .journal(let journal, let number):
            synchronise(journal, number: number)
        case .failing(let previous):
            rewrite(previous: previous, wasFailing: true)
        case .periodic(isWriting: false):
            write()
        case .rewriting, .stalled, .periodic(isWriting: true):
            schedule()
        }
    }

    // MARK: The journal

    private func synchronise(_ journal: any CheckpointJournal, number: Int) {
        isDirty = false
        isSynchronising = true
        disk.async { [entrance] in
            let result = Result { try journal.synchronize() }
            entrance.enter { $0.noteSynchronisation(of: number, result) }
        }
    }

    private func noteSynchronisation(of number: Int, _ result: Result<Void, any Error>) {
        isSynchronising = false
        guard case .journal(let journal, number) = storage, case .failure(let error) = result else { return }
        report(.checkpointFailing(error.inWords))
        storage = .failing(previous: journal)
        isDirty = true
        schedule()
    }

    private func rewrite(previous: (any CheckpointJournal)?, wasFailing: Bool) {
        storage = .rewriting(previous: previous, wasFailing: wasFailing)
        FaultPoint.pass("compaction.begin")
        isDirty = true
        checkpointer.openJournal(startingFrom: snapshot()) { [entrance] result in
            let isHeard = entrance.enter { $0.finishRewriting(result) }
            if !isHeard, case .success(let journal) = result { try? journal?.close() }
        }
        watch { recorder in
            recorder.storage = .stalled(previous: previous)
            if !wasFailing { recorder.reportSlowness() }
            recorder.resumed()
        }
    }

    private func finishRewriting(_ result: Result<(any CheckpointJournal)?, any Error>) {
        watchdog?.cancel()
        switch (storage, result) {
        case (.rewriting(let previous, let wasFailing), .success(let journal?)):
            try? previous?.close()
            lastJournal += 1
            storage = .journal(journal, number: lastJournal)
            FaultPoint.pass("compaction.end")
            if wasFailing { report(.checkpointRecovered) }
        case (.rewriting(let previous, _), .success(nil)):
            try? previous?.close()
            storage = .periodic(isWriting: false)
        case (.rewriting(let previous, let wasFailing), .failure(let error)):
            if !wasFailing { report(.checkpointFailing(error.inWords)) }
            storage = .failing(previous: previous)
        case (.stalled(let previous), .success(let journal)):
            // What happened meanwhile is not in it, and the one before was replaced.
            try? previous?.close()
            try? journal?.close()
            storage = .failing(previous: nil)
        case (.stalled(let previous), .failure):
            storage = .failing(previous: previous)
        case (.journal, _), (.failing, _), (.periodic, _):
            return
        }
        schedule()
        resumed()
    }

    /// Does something if the checkpointer does not answer in time.
    private func watch(_ body: @escaping (ProgressRecorder) -> Void) {
        watchdog = loop.schedule(after: patience) { [self] in body(self) }
    }

    private func reportSlowness() {
        report(.checkpointFailing("the checkpointer has not answered for \(patience.text)"))
    }

    // MARK: Without a journal

    private func write() {
        isDirty = false
        storage = .periodic(isWriting: true)
        checkpointer.write(snapshot()) { [entrance] result in
            entrance.enter { $0.finishWriting(result) }
        }
        watch { recorder in
            if !recorder.isWritingFailing { recorder.reportSlowness() }
            recorder.isWritingFailing = true
        }
    }

    private func finishWriting(_ result: Result<Void, any Error>) {
        watchdog?.cancel()
        storage = .periodic(isWriting: false)
        switch result {
        case .success:
            if isWritingFailing { report(.checkpointRecovered) }
            isWritingFailing = false
        case .failure(let error):
            if !isWritingFailing { report(.checkpointFailing(error.inWords)) }
            isWritingFailing = true
            isDirty = true
        }
        if isDirty { schedule() }
    }
}
