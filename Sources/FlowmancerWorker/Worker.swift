import CFlowmancerKeeper
@preconcurrency import Dispatch
package import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import Glibc
import Logging
import Synchronization
import SystemPackage

/// A worker process: executes attempts of tasks, one at a time, until the engine ends it.
package final class Worker: Sendable {
    private let connection: WorkerConnection
    private let sharedDict: WorkerSharedDictStorage
    private let types: WorkerTypes
    private let appRoot: String?
    private let agenda = Mutex(Agenda())
    /// What is logged goes to the engine through this.
    let lines: LogSender
    private let turns = ReceptionTurns()
    private let executor = ReceptionExecutor()
    /// Whether this is a worker, and not a rehearsal of one, whose process others are forked from.
    private let isRehearsal: Bool
    /// `nil` where the main thread may start processes: its children cannot be told from orphans then.
    private let orphans: OrphanWatch?
    private let showsDebug = Atomic(false)
    private let aborting = DispatchQueue(label: "flowmancer.cancel")

    /// Whether this process was started to be a worker.
    package static var isRequested: Bool { flowmancer_worker_socket() >= 0 }

    /// Starts the worker in this process. The caller keeps the process alive and does nothing else.
    ///
    /// - Parameters:
    ///   - isFirst: Whether nothing else has happened in this process: it may be forked to become further workers, and
    ///     swift-log is still to be set up.
    ///   - catalog: Finds the types of the executable.
    package static func start(isFirst: Bool, catalog: @escaping @Sendable () -> [any FlowTask.Type]) {
        let worker = Worker(
            socket: flowmancer_worker_socket(),
            types: WorkerTypes(catalog),
            appRoot: StartDirectory.settle(),
            orphans: isFirst ? OrphanWatch() : nil
        )
        if isFirst { LoggingSystem.bootstrap { _ in WorkerLogHandler(worker: worker) } }
        if flowmancer_is_zygote() != 0 {
            guard isFirst else { _exit(0) }
            Rehearsal(worker.types).perform()
            flowmancer_zygote_serve()
        }
        worker.connection.open()
        worker.orphans?.begin()
        // The main thread stays free for the main actor; two threads of their own listen, so that no task can keep the
        // worker from hearing the engine. Many a process ends before the second one is needed.
        // Without the first there is no worker; the keeper tells the engine.
        if !SystemThread(body: { worker.listen() }).start() { _exit(1) }
        repeat { usleep(Self.leisure) } while !SystemThread(body: { worker.standBy() }).start()
    }

    /// How long the first attempt has the worker to itself, in microseconds.
    private static let leisure: UInt32 = 2_000

    init(
        socket: Int32,
        types: WorkerTypes,
        appRoot: String? = nil,
        orphans: OrphanWatch? = nil,
        isRehearsal: Bool = false
    ) {
        connection = WorkerConnection(socket: socket)
        lines = LogSender(connection)
        sharedDict = WorkerSharedDictStorage(connection: connection)
        self.types = types
        self.appRoot = appRoot
        self.orphans = orphans
        self.isRehearsal = isRehearsal
    }

    /// Whether messages of level debug are wanted from libraries, too.
    var isDebug: Bool { showsDebug.load(ordering: .relaxed) }

    private func listen() -> Never {
        // A worker that gets no thread for tasks is not ready. The pool of threads that runs them starts with the first of
        // them, which takes its time: only where threads are scarce does it have to be there from the beginning.
        if SystemThread.areScarce { Task.detached { self.sayHello() } } else { sayHello() }
        receiveUntilRelieved()
        takeTurns()
    }

    private func standBy() -> Never {
        flowmancer_note_own_thread()
        takeTurns()
    }

    private func takeTurns() -> Never {
        while true {
            turns.takeOver()
            receiveUntilRelieved()
        }
    }

    private func sayHello() {
        try? connection.send(.hello(.with { $0.protocolVersion = Frame.protocolVersion }))
    }

    /// Says hello, and handles what is said of a run and of an attempt on this thread, as a rehearsal.
    func rehearse() {
        connection.open()
        sayHello()
        for _ in 1...2 {
            guard case .message(let message) = connection.receive() else { return }
            for job in executor.collect({ handle(message) }) { executor.run(job) }
        }
    }

    /// Receives messages and runs what they bring, until that took so long that the other thread took over.
    private func receiveUntilRelieved() {
        while let message = nextMessage() {
            var jobs = executor.collect { handle(message) }
            guard !jobs.isEmpty else { continue }
            let turn = turns.occupy()
            while !jobs.isEmpty {
                for job in jobs { executor.run(job) }
                jobs = executor.collect { beginNext() }
            }
            guard turns.resume(turn) else { return }
        }
        // The engine closes the connection of a worker that is idle, or when the run is over.
        guard agenda.withLock(\.activity.isIdle) else { _exit(Int32(FLOWMANCER_DISCONNECTED_EXIT)) }
        if flowmancer_has_children() == 0 { flowmancer_leave_nothing_behind() }
        _exit(0)
    }

    /// Waits for the next message, and looks after orphans meanwhile.
    private func nextMessage() -> WireToWorker? {
        while true {
            switch connection.receive(within: orphans?.pause) {
            case .message(let message):
                if let orphans, orphans.noteMessage(), let attempt = agenda.withLock({ $0.activity.execution?.id }) {
                    orphans.look(at: attempt)
                }
                return message
            case .silence:
                let (attempt, isIdle) = agenda.withLock { ($0.activity.execution?.id, $0.isIdle) }
                if let attempt {
                    orphans?.look(at: attempt)
                } else if isIdle {
                    orphans?.rest()
                }
            case .end:
                return nil
            }
        }
    }

    private func handle(_ message: WireToWorker) {
        switch message.body {
        case .run(let run): begin(run)
        case .attempt(let attempt): take(attempt)
        // Cancelling calls what the task has for it, which may take its time.
        case .cancel(let cancel): aborting.async { self.abort(cancel) }
        case .sharedReply(let reply): sharedDict.resolve(reply)
        case .recall(let recall): giveBack(recall.id)
        case nil: break
        }
    }

    // MARK: Attempts

    /// Takes note of the run that all attempts will belong to.
    private func begin(_ run: WireRun) {
        agenda.withLock { $0.run = run }
        showsDebug.store(run.isDebug, ordering: .relaxed)
        // It becomes a part of the environment that each attempt gets.
        guard !isRehearsal else { return }
        setenv(RunID.environmentVariable, run.id.description, 1)
        // If the engine itself was started by a command of another run, this is that command's file.
        unsetenv(TaskOutputs.environmentVariable)
    }

    /// Begins an attempt, at once or when the present one has ended.
    private func take(_ attempt: WireAttempt) {
        agenda.withLock { $0.upcoming.append(attempt) }
        beginNext()
    }

    /// Begins the next attempt, if there is one and none is under way.
    private func beginNext() {
        let next: (WireAttempt, WireRun)? = agenda.withLock { agenda in
            guard agenda.activity.isIdle, let attempt = agenda.upcoming.popFirst() else { return nil }
            agenda.activity = .beginning
            // Also if they are the same as before: a task may have closed or redirected them.
            if agenda.isUsed || attempt.mergesOutput {
                flowmancer_select_output(attempt.writesToSecond ? 1 : 0, attempt.mergesOutput ? 1 : 0)
            }
            agenda.isUsed = true
            return (attempt, agenda.run)
        }
        if let (attempt, run) = next { begin(attempt, of: run) }
    }

    private func begin(_ attempt: WireAttempt, of run: WireRun) {
        connection.noteAttempt()
        let directoryError = attempt.isLast || isRehearsal ? 0 : flowmancer_settle()
        let log = AttemptLog(attempt, mark: run.mark)
        let logger = Logging.Logger(label: attempt.taskName) { [self] _ in WorkerLogHandler(worker: self, log: log) }
        var context = FlowContext(
            metadata: TaskMetadata(attempt, of: run),
            sharedDict: SharedDict(storage: sharedDict),
            logger: logger
        )
        context.appRoot = appRoot
        context.mergesOutput = attempt.mergesOutput
        let execution = AttemptExecution(
            attempt,
            type: types.type(symbol: attempt.mangledType),
            context: context,
            log: { [lines] severity, message in lines.send(severity, message, of: log, isRemark: true) },
            report: { [self] outcome, outputs in end(attempt, outcome, outputs, log) }
        )
        agenda.withLock { $0.activity = .executing(execution) }
        if directoryError != 0 {
            let reason = Errno(rawValue: directoryError)
            lines.send(
                .warning,
                "An earlier task in this process changed the working directory. It cannot be changed back: \(reason).",
                of: log,
                isRemark: true
            )
        }
        execution.start(on: executor)
        let early = agenda.withLock { agenda in
            agenda.cancellation?.id == attempt.id ? agenda.cancellation.take() : nil
        }
        if let early { aborting.async { self.abort(early) } }
    }

    /// Gives an attempt back that will not begin soon.
    ///
    /// Once the one before it is over, it is too late: the report of that end says that this one begins.
    private func giveBack(_ id: UInt64) {
        agenda.withLock { agenda in
            guard let index = agenda.upcoming.firstIndex(where: { $0.id == id }),
                index > 0 || agenda.activity.isUnderWay
            else { return }
            agenda.upcoming.remove(at: index)
            // Before any such report.
            try? connection.send(.returned(.with { $0.id = id }))
        }
    }

    private func abort(_ cancel: WireCancelAttempt) {
        let execution: AttemptExecution? = agenda.withLock { agenda in
            if let execution = agenda.activity.execution, execution.id == cancel.id { return execution }
            agenda.cancellation = cancel
            return nil
        }
        guard let execution else { return }
        execution.cancel()
        let patience = DispatchTimeInterval.milliseconds(Int(cancel.endingAfterMilliseconds))
        DispatchQueue.global().asyncAfter(deadline: .now() + patience) { execution.endWithoutRun() }
    }

    private func end(_ attempt: WireAttempt, _ outcome: AttemptOutcome, _ outputs: JSONText?, _ log: AttemptLog) {
        lines.close(log)
        flowmancer_flush_streams()
        agenda.withLock { $0.activity = .reporting }
        FlowContext.processWide.withLock { $0 = nil }
        var report = WireAttemptEnded(attempt.id, outcome, outputs: outputs)
        report.hasLeftovers_p = flowmancer_has_children() != 0
        report.hasLeftThreads_p = !attempt.isLast && !isRehearsal && flowmancer_has_left_threads()
        try? connection.send(.ended(report))
        // Nothing may begin beside what is left of this attempt: the engine ends the process.
        guard !report.hasLeftovers_p, !report.hasLeftThreads_p else { return }
        if attempt.isLast {
            flowmancer_leave_nothing_behind()
            _exit(0)
        }
        agenda.withLock { $0.activity = .idle }
        // The thread that receives goes on with the next attempt by itself.
        if !executor.isRunningHere { beginNext() }
    }
}
