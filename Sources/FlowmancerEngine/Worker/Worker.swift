import CFlowmancerKeeper
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
    private let current = Mutex<AttemptExecution?>(nil)

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
        // The main thread stays free for the main actor; a thread of its own listens, so that no task can keep it from
        // hearing the engine.
        Thread(body: worker.listen).start()
    }

    private init(socket: Int32, types: WorkerTypes) {
        connection = WorkerConnection(socket: socket)
        sharedDict = WorkerSharedDictStorage(connection: connection)
        self.types = types
    }

    /// Whether messages of level debug are wanted.
    var isDebug: Bool { current.withLock { $0?.isDebug ?? false } }

    private func listen() -> Never {
        // From the pool of threads that runs tasks: a worker that gets no thread for them is not ready.
        Task.detached { [connection] in
            try? connection.send(.hello(.with { $0.protocolVersion = Frame.protocolVersion }))
        }
        connection.receive { message in
            switch message.body {
            case .attempt(let attempt): start(attempt)
            case .cancel(let cancel): abort(cancel)
            case .sharedReply(let reply): sharedDict.resolve(reply)
            case nil: break
            }
        }
        if flowmancer_has_children() == 0 { flowmancer_leave_nothing_behind() }
        _exit(0)
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
        current.withLock { $0 = execution }
        execution.start { [self] outcome, isAbandoned in finish(attempt.id, outcome, isAbandoned: isAbandoned) }
    }

    private func abort(_ cancel: WireCancelAttempt) {
        let execution = current.withLock { $0 }
        guard let execution, execution.id == cancel.id else { return }
        execution.abort(endingAfter: .milliseconds(Int(cancel.endingAfterMilliseconds)))
    }

    private func finish(_ id: UInt64, _ outcome: AttemptOutcome, isAbandoned: Bool) {
        flowmancer_flush_streams()
        // The next attempt may arrive as soon as the report is out.
        current.withLock { $0 = nil }
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
    }

    /// Sends a line to the loggers of the job, behind everything that was printed before.
    func log(_ severity: WireLogLine.Severity, _ message: String, metadata: [String: String] = [:]) {
        guard let id = current.withLock({ $0?.id }) else { return }
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
