import FlowmancerCore
import FlowmancerFaults
import FoundationEssentials

/// Makes log events of what attempts write, and holds tasks back that write faster than the loggers can take.
///
/// Used on the event loop only.
final class OutputPublisher {
    /// How tasks regard a logger.
    private enum Regard {
        /// They wait for it if it cannot keep up.
        case awaited
        /// They wait for it now.
        case holdingUp
        /// It took too long: it loses lines rather than that tasks wait any longer.
        case ignored
    }

    /// How long a slow logger may hold up the tasks that feed it, each time that its queue is full. One that does not
    /// take a megabyte of it in that time, which is some thousand lines, is too slow to be waited for.
    private static let patience: Duration = .seconds(5)
    /// After how many bytes the loggers' backlog is looked at.
    private static let bytesBetweenChecks = 1 << 18

    private let run: RunID
    private let jobName: String
    private let graph: TaskGraph
    private let plugins: PluginSet
    private let masker: SecretMasker?
    private let loop: EventLoop
    private let pause: (Bool) -> Void
    private let report: @Sendable (RunNotice) -> Void

    private let entrance = LoopEntrance<OutputPublisher>()

    private var uncheckedBytes = 0
    /// By the number of the logger.
    private var regards: [Regard]
    /// When those that hold tasks up have done so for long enough.
    private var timers: [Int: EventLoop.Timer] = [:]
    /// Loggers that were reported to be too slow.
    private var reported: Set<Int> = []
    /// What extensions are told of attempts that fail.
    private var notes = AttemptNotes()
    private let takesNotes: Bool

    /// Creates a publisher.
    ///
    /// - Parameters:
    ///   - masker: Masks what attempts log; what they print is masked where it is cut into lines.
    ///   - pause: Stops (`true`) or resumes reading what tasks write.
    ///   - report: Is told of loggers that are too slow.
    init(
        _ job: JobDefinition,
        run: RunID,
        graph: TaskGraph,
        plugins: PluginSet,
        masker: SecretMasker?,
        on thread: EventLoopThread,
        loop: EventLoop,
        report: @escaping @Sendable (RunNotice) -> Void,
        pause: @escaping (Bool) -> Void
    ) {
        self.run = run
        jobName = job.configuration.name
        self.graph = graph
        self.plugins = plugins
        self.masker = masker
        self.loop = loop
        self.pause = pause
        self.report = report
        regards = Array(repeating: .awaited, count: plugins.loggers.count)
        takesNotes = !plugins.extensions.isEmpty
        entrance.open(LoopBound(self, on: thread))
    }

    /// Ends what loggers might still call back.
    func stop() {
        entrance.close()
        for timer in timers.values { timer.cancel() }
    }

    /// Publishes a line that an attempt, or a process that it started, printed.
    func publish(_ line: UnsafeRawBufferPointer, from stream: OutputStream, of assignment: Assignment) {
        if takesNotes { notes.note(line, isError: stream == .errors, of: assignment.task) }
        guard !plugins.loggers.isEmpty else { return }
        let severity: Severity = stream == .output ? .info : .error
        if let message = String(validating: line, as: UTF8.self) {
            publish(.line, severity, message, of: assignment)
        } else {
            let message = String(decoding: line, as: UTF8.self)
            publish(.line, severity, message, of: assignment, rawBytes: Array(line))
        }
        checkCongestion(afterBytes: line.count)
    }

    /// Publishes a line that an attempt logged.
    func publish(_ line: LoggedLine, of assignment: Assignment) {
        let (severity, message) = (line.severity, masker.mask(line.message))
        if line.isRemark {
            publish(remark: message, severity, of: assignment)
        } else {
            if takesNotes { notes.note(message, severity, of: assignment.task) }
            publish(.line, severity, message, of: assignment, metadata: masked(line.metadata))
        }
        checkCongestion(afterBytes: line.message.utf8.count)
    }

    /// Publishes a line about an attempt; if it is an error, it is why the attempt fails.
    func publish(remark: String, _ severity: Severity, of assignment: Assignment) {
        if takesNotes, severity >= .error {
            notes.note(reason: TaskLifecycle.reason(from: remark), of: assignment.task)
        }
        publish(.line, severity, remark, of: assignment)
    }

    /// Forgets what an attempt wrote that left the state "running".
    ///
    /// - Returns: Why it failed; `nil` if it did not.
    func endNotes(of task: Int, enteredState state: ExecutionState) -> AttemptFailure? {
        guard state == .completed else { return notes.take(of: task) }
        notes.drop(task)
        return nil
    }

    /// Publishes an event of an attempt's log.
    func publish(
        _ kind: TaskLogEvent.Kind,
        _ severity: Severity = .info,
        _ message: String = "",
        of assignment: Assignment,
        metadata: [String: String] = [:],
        rawBytes: [UInt8] = []
    ) {
        guard !plugins.loggers.isEmpty else { return }
        let event = TaskLogEvent(
            runID: run,
            jobName: jobName,
            taskName: graph.names[assignment.task],
            timestamp: Date(),
            attempt: assignment.attempt,
            kind: kind,
            severity: severity,
            message: message,
            metadata: metadata,
            rawBytes: rawBytes
        )
        plugins.publish(event)
    }

    private func masked(_ metadata: [String: String]) -> [String: String] {
        guard let masker else { return metadata }
        let pairs = metadata.map { (masker.mask($0), masker.mask($1)) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func checkCongestion(afterBytes count: Int) {
        uncheckedBytes += count
        guard uncheckedBytes >= Self.bytesBetweenChecks else { return }
        uncheckedBytes = 0
        for (number, logger) in plugins.loggers.enumerated() {
            if case .awaited = regards[number], logger.isCongested { hold(number, logger) }
        }
    }

    private func hold(_ number: Int, _ logger: PluginHost) {
        regards[number] = .holdingUp
        pause(true)
        FaultPoint.pass("output.held")
        timers[number] = loop.schedule(after: Self.patience) { [self] in giveUp(number) }
        logger.whenDrained { [entrance] in
            entrance.enter { publisher in
                publisher.timers[number]?.cancel()
                publisher.note(number, .awaited)
                // It may have become slow again since, and nothing may follow that would lead to a look at it.
                publisher.checkCongestion(afterBytes: Self.bytesBetweenChecks)
            }
        }
    }

    private func giveUp(_ number: Int) {
        note(number, .ignored)
        if reported.insert(number).inserted { report(.loggerTooSlow(plugins.loggers[number].name)) }
    }

    private func note(_ number: Int, _ regard: Regard) {
        regards[number] = regard
        pause(regards.contains(.holdingUp))
    }
}
