import CFlowmancerKeeper
@preconcurrency import Dispatch
package import FlowmancerCore
import FlowmancerWire
import Glibc
import Logging
import Synchronization

/// A worker process: executes attempts of tasks, one at a time, until the engine ends it.
package final class Worker: Sendable {
    private let connection: WorkerConnection
    private let sharedDict: WorkerSharedDictStorage
    private let types: WorkerTypes
    private let activity = Mutex(Activity.idle)
    private let turns = ReceptionTurns()
    private let executor = ReceptionExecutor()
    private let aborting = DispatchQueue(label: "flowmancer.cancel")

    private enum Activity {
        case idle
        case executing(AttemptExecution)
        /// The report of this attempt's end is on its way out.
        case reporting(UInt64)

        var execution: AttemptExecution? { if case .executing(let execution) = self { execution } else { nil } }
        var isIdle: Bool { if case .idle = self { true } else { false } }
    }

    /// Whether this process was started to be a worker.
    package static var isRequested: Bool { flowmancer_worker_socket() >= 0 }

    /// Starts the worker in this process. The caller keeps the process alive and does nothing else.
    ///
    /// - Parameters:
    ///   - ownsLogging: Whether swift-log may be set up, because nobody else has.
    ///   - catalog: Finds the types of the executable; called only for types that are not found by name.
    package static func start(ownsLogging: Bool, catalog: @escaping @Sendable () -> [any FlowTask.Type]) {
        let worker = Worker(socket: flowmancer_worker_socket(), types: WorkerTypes(catalog))
        if ownsLogging {
            LoggingSystem.bootstrap { _ in WorkerLogHandler(worker: worker, isDebug: worker.isDebug) }
        }
        // The main thread stays free for the main actor; two threads of their own listen, so that no task can keep the
        // worker from hearing the engine.
        Thread(body: worker.listen).start()
        Thread(body: worker.standBy).start()
    }

    private init(socket: Int32, types: WorkerTypes) {
        connection = WorkerConnection(socket: socket)
        sharedDict = WorkerSharedDictStorage(connection: connection)
        self.types = types
    }

    /// Whether messages of level debug are wanted.
    var isDebug: Bool { activity.withLock { $0.execution?.isDebug ?? false } }

    private func listen() -> Never {
        // From the pool of threads that runs tasks: a worker that gets no thread for them is not ready.
        Task.detached { [connection] in
            try? connection.send(.hello(.with { $0.protocolVersion = Frame.protocolVersion }))
        }
        receiveUntilRelieved()
        standBy()
    }

    private func standBy() -> Never {
        while true {
            turns.takeOver()
            receiveUntilRelieved()
        }
    }

    /// Receives messages and runs what they bring, until that took so long that the other thread took over.
    private func receiveUntilRelieved() {
        while let message = connection.receive() {
            let jobs = executor.collect { handle(message) }
            guard !jobs.isEmpty else { continue }
            let turn = turns.occupy()
            for job in jobs { executor.run(job) }
            guard turns.resume(turn) else { return }
        }
        // The engine closes the connection of a worker that is idle, or when the run is over.
        guard activity.withLock(\.isIdle) else { _exit(Int32(FLOWMANCER_DISCONNECTED_EXIT)) }
        if flowmancer_has_children() == 0 { flowmancer_leave_nothing_behind() }
        _exit(0)
    }

    private func handle(_ message: WireToWorker) {
        switch message.body {
        case .attempt(let attempt): start(attempt)
        // Cancelling calls what the task has for it, which may take its time.
        case .cancel(let cancel): aborting.async { self.abort(cancel) }
        case .sharedReply(let reply): sharedDict.resolve(reply)
        case nil: break
        }
    }

    private func start(_ attempt: WireAttempt) {
        let logger = Logging.Logger(label: attempt.taskName) { [self] _ in
            WorkerLogHandler(worker: self, isDebug: attempt.isDebug)
        }
        let execution = AttemptExecution(
            attempt,
            type: types.type(mangledName: attempt.mangledType),
            context: FlowContext(
                metadata: TaskMetadata(
                    jobName: attempt.jobName,
                    name: attempt.taskName,
                    variant: attempt.variant,
                    dependsOn: attempt.dependsOn,
                    attempt: Int(attempt.number),
                    isRestart: attempt.isRestart
                ),
                sharedDict: SharedDict(storage: sharedDict),
                logger: logger
            ),
            log: { [self] severity, message in log(severity, message) }
        )
        activity.withLock { $0 = .executing(execution) }
        execution.start(on: executor) { [self] outcome, isAbandoned in
            finish(attempt.id, outcome, isAbandoned: isAbandoned)
        }
    }

    private func abort(_ cancel: WireCancelAttempt) {
        guard let execution = activity.withLock(\.execution), execution.id == cancel.id else { return }
        execution.abort(endingAfter: .milliseconds(Int(cancel.endingAfterMilliseconds)))
    }

    private func finish(_ id: UInt64, _ outcome: AttemptOutcome, isAbandoned: Bool) {
        flowmancer_flush_streams()
        activity.withLock { $0 = .reporting(id) }
        FlowContext.processWide.withLock { $0 = nil }
        let report = WireAttemptEnded.with {
            $0.id = id
            $0.hasLeftovers_p = isAbandoned || flowmancer_has_children() != 0
            switch outcome {
            case .succeeded: $0.outcome = .succeeded
            case .failed: $0.outcome = .failed
            case .aborted: $0.outcome = .aborted
            }
        }
        try? connection.send(.ended(report))
        activity.withLock { activity in
            // The next attempt may have arrived as soon as the report was out.
            if case .reporting(id) = activity { activity = .idle }
        }
    }

    /// Sends a line to the loggers of the job, behind everything that was printed before.
    func log(_ severity: WireLogLine.Severity, _ message: String, metadata: [String: String] = [:]) {
        guard let id = activity.withLock({ $0.execution?.id }) else { return }
        flowmancer_flush_streams()
        let line = WireLogLine.with {
            $0.attemptID = id
            $0.severity = severity
            $0.message = message
            $0.metadata = metadata
        }
        do {
            try connection.send(.log(line))
        } catch {
            guard message.count > 1 else { return }
            let half = message.index(message.startIndex, offsetBy: message.count / 2)
            log(severity, String(message[..<half]), metadata: metadata)
            log(severity, String(message[half...]), metadata: metadata)
        }
    }
}
