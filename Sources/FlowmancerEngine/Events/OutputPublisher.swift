import FlowmancerCore
import FoundationEssentials

/// Makes events of what attempts write, and takes notes of it in case they fail.
///
/// Used on the event loop only.
final class OutputPublisher {
    private let run: RunID
    private let jobName: String
    private let name: (Int) -> String
    private let group: (Int) -> String?
    private let events: EventFan
    private let masker: SecretMasker?
    private let pacer: OutputPacer
    /// Whether somebody is told why attempts fail.
    private let keepsNotes: Bool
    /// What extensions, and tasks that react to failures, are told of attempts that fail.
    private var notes = AttemptNotes()

    /// Creates a publisher.
    ///
    /// - Parameters:
    ///   - name: Returns the name of a task.
    ///   - group: Returns the name of the group that a task is in.
    ///   - masker: Masks what attempts log; what they print is masked where it is cut into lines.
    ///   - keepsNotes: Whether somebody asks for ``endNotes(of:enteredState:)``.
    ///   - pacer: Is told how much was published.
    init(
        _ job: JobDefinition,
        run: RunID,
        name: @escaping (Int) -> String,
        group: @escaping (Int) -> String? = { _ in nil },
        events: EventFan,
        masker: SecretMasker?,
        keepsNotes: Bool,
        pacer: OutputPacer
    ) {
        self.run = run
        jobName = job.configuration.name
        self.name = name
        self.group = group
        self.events = events
        self.masker = masker
        self.keepsNotes = keepsNotes
        self.pacer = pacer
    }

    /// Ends what sinks might still call back.
    func stop() { pacer.stop() }

    /// Publishes a line that an attempt, or a process that it started, printed.
    func publish(_ line: UnsafeRawBufferPointer, from stream: OutputStream, of assignment: Assignment) {
        if keepsNotes { notes.note(line, isError: stream == .errors, of: assignment.task) }
        guard events.wantsOutput else { return }
        let severity: Severity = stream == .output ? .info : .error
        if let message = String(validating: line, as: UTF8.self) {
            publish(.line, severity, message, of: assignment)
        } else {
            let message = String(decoding: line, as: UTF8.self)
            publish(.line, severity, message, of: assignment, rawBytes: Array(line))
        }
        pacer.note(bytes: line.count)
    }

    /// Publishes a line that an attempt logged.
    func publish(_ line: LoggedLine, of assignment: Assignment) {
        let (severity, message) = (line.severity, masker.mask(line.message))
        if line.isRemark {
            publish(remark: message, severity, of: assignment)
        } else {
            if keepsNotes { notes.note(message, severity, of: assignment.task) }
            publish(.line, severity, message, of: assignment, metadata: masked(line.metadata))
        }
        pacer.note(bytes: line.message.utf8.count)
    }

    /// Publishes a line about an attempt; if it is an error, it is why the attempt fails.
    func publish(remark: String, _ severity: Severity, of assignment: Assignment) {
        if keepsNotes, severity >= .error {
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
        guard events.wantsOutput else { return }
        let event = TaskLogEvent(
            runID: run,
            jobName: jobName,
            taskName: name(assignment.task),
            groupName: group(assignment.task),
            timestamp: Date(),
            attempt: assignment.attempt,
            kind: kind,
            severity: severity,
            message: message,
            metadata: metadata,
            rawBytes: rawBytes
        )
        events.publish(event)
    }

    private func masked(_ metadata: [String: String]) -> [String: String] {
        guard let masker else { return metadata }
        let pairs = metadata.map { (masker.mask($0), masker.mask($1)) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
