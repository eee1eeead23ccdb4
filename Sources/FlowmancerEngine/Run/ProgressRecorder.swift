import Dispatch
import FlowmancerCore
import FlowmancerFaults

/// Stores the progress of a run as ``RecorderState`` decides.
///
/// Used on the event loop only; the checkpointer itself works elsewhere.
final class ProgressRecorder {
    private typealias State = RecorderState<any CheckpointJournal>

    /// How often a journal is made to outlive a power failure, and how often a failing one is replaced.
    private static let synchronisation: Duration = .seconds(1)

    private let loop: EventLoop
    private let checkpointer: HostedCheckpointer
    private let interval: Duration
    /// How long the checkpointer is waited for.
    private let patience: Duration
    private let report: @Sendable (RunNotice) -> Void
    private let snapshot: () -> CheckpointContents
    private let resumed: () -> Void
    /// Where the disk is waited for.
    private let disk = DispatchQueue(label: "flowmancer.synchronisation")
    private let entrance = LoopEntrance<ProgressRecorder>()

    private var state: State
    private var timer: EventLoop.Timer?
    private var watchdog: EventLoop.Timer?

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
        state = State(journal)
        interval = journal != nil ? Self.synchronisation : max(configuration.checkpointerInterval, .milliseconds(10))
        entrance.open(LoopBound(self, on: thread))
    }

    /// Whether nothing can be recorded right now, and so nothing may be acted on: not so once nothing is recorded any more.
    var isBlocked: Bool { state.isBlocked }

    /// The journal that has every step of the run, if there is one.
    var journal: (any CheckpointJournal)? { state.journal }

    /// Whether a journal that failed lacks steps, and none that has them took its place.
    var isBehind: Bool { state.journal == nil && !state.isPeriodic }

    /// Records what is about to be acted on.
    func record(_ entries: [JournalEntry]) {
        guard !entries.isEmpty, !state.isStopped else { return }
        do {
            try journal?.append(entries)
            handle(.recorded(failure: nil))
        } catch {
            handle(.recorded(failure: error.inWords))
        }
    }

    /// Ends the writes at intervals of a checkpointer that keeps no journal: the end of the run is near, and stores all.
    ///
    /// - Returns: Whether it is one.
    func endPeriodicWrites() -> Bool {
        handle(.ending)
        return state.isPeriodic
    }

    /// Ends the work in the background.
    func stop() {
        handle(.stop)
        entrance.close()
    }

    private func handle(_ event: State.Event) {
        var actions: [State.Action] = []
        state.handle(event, &actions)
        for action in actions { perform(action) }
    }

    private func perform(_ action: State.Action) {
        switch action {
        case .startTimer:
            timer = loop.schedule(after: interval) { [self] in
                handle(.elapsed(isDue: journal?.isDueForCompaction == true))
            }
        case .stopTimer: timer?.cancel()
        case .watch:
            watchdog = loop.schedule(after: patience) { [self] in handle(.unanswered(for: patience)) }
        case .stopWatching: watchdog?.cancel()
        case .synchronise(let journal, let number): synchronise(journal, number: number)
        case .open: open()
        case .write: write()
        case .close(let journal): try? journal.close()
        case .resume: resumed()
        case .report(let notice): report(notice)
        }
    }

    private func synchronise(_ journal: any CheckpointJournal, number: Int) {
        disk.async { [entrance] in
            let failure = Self.failure { try journal.synchronize() }
            entrance.enter { $0.handle(.synchronised(journal: number, failure: failure)) }
        }
    }

    private func open() {
        FaultPoint.pass("compaction.begin")
        checkpointer.openJournal(startingFrom: snapshot()) { [entrance] result in
            let isHeard = entrance.enter { recorder in
                switch result {
                case .success(let journal):
                    FaultPoint.pass("compaction.end")
                    recorder.handle(.opened(journal))
                case .failure(let error):
                    recorder.handle(.notOpened(error.inWords))
                }
            }
            if !isHeard, case .success(let journal) = result { try? journal?.close() }
        }
    }

    private func write() {
        checkpointer.write(snapshot()) { [entrance] result in
            entrance.enter { $0.handle(.written(failure: Self.failure { try result.get() })) }
        }
    }

    private static func failure(_ body: () throws -> Void) -> String? {
        do { try body() } catch { return error.inWords }
        return nil
    }
}
