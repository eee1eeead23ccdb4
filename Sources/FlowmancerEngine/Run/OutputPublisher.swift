import FlowmancerCore
import FlowmancerWire
import FoundationEssentials
import NIOCore

/// Makes log events of what attempts write, and holds tasks back that write faster than the loggers can take.
///
/// Used on the event loop only.
final class OutputPublisher {
    /// Whether output is held back because loggers cannot keep up.
    private enum Congestion {
        case none, pausing
        /// It took too long: loggers lose lines rather than that tasks wait any longer.
        case ignored
    }

    /// How long slow loggers may hold up the tasks that feed them.
    private static let patience: TimeAmount = .seconds(5)
    /// After how many bytes the loggers' backlog is looked at.
    private static let bytesBetweenChecks = 1 << 18

    private let jobName: String
    private let graph: TaskGraph
    private let plugins: PluginSet
    private let masker: SecretMasker?
    private let eventLoop: any EventLoop
    private let pause: (Bool) -> Void

    private var uncheckedBytes = 0
    private var congestion = Congestion.none

    /// Creates a publisher.
    ///
    /// - Parameters:
    ///   - masker: Masks what attempts log; what they print is masked where it is cut into lines.
    ///   - pause: Stops (`true`) or resumes reading what tasks write.
    init(
        _ job: JobDefinition,
        graph: TaskGraph,
        plugins: PluginSet,
        masker: SecretMasker?,
        on eventLoop: any EventLoop,
        pause: @escaping (Bool) -> Void
    ) {
        jobName = job.configuration.name
        self.graph = graph
        self.plugins = plugins
        self.masker = masker
        self.eventLoop = eventLoop
        self.pause = pause
    }

    /// Publishes a line that an attempt, or a process that it started, printed.
    func publish(_ line: UnsafeRawBufferPointer, from stream: WorkerHandle.Stream, of assignment: Assignment) {
        guard !plugins.loggers.isEmpty else { return }
        let severity: Severity = stream == .output ? .info : .error
        if let message = String(validating: line, as: UTF8.self) {
            publish(.write(severity: severity, message: message), of: assignment)
        } else {
            let message = String(decoding: line, as: UTF8.self)
            publish(.write(severity: severity, message: message), of: assignment, rawBytes: Array(line))
        }
        checkCongestion(afterBytes: line.count)
    }

    /// Publishes a line that an attempt logged.
    func publish(_ line: WireLogLine, of assignment: Assignment) {
        let kind = LogEvent.Kind.write(severity: Severity(line.severity), message: masker.mask(line.message))
        publish(kind, of: assignment, metadata: masked(line.metadata))
        checkCongestion(afterBytes: line.message.utf8.count)
    }

    /// Publishes an event of an attempt's log.
    func publish(
        _ kind: LogEvent.Kind,
        of assignment: Assignment,
        metadata: [String: String] = [:],
        rawBytes: [UInt8] = []
    ) {
        guard !plugins.loggers.isEmpty else { return }
        let event = LogEvent(
            jobName: jobName,
            taskName: graph.names[assignment.task],
            timestamp: Date(),
            attempt: assignment.attempt,
            kind: kind,
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
        guard case .none = congestion, let slow = plugins.loggers.first(where: \.isCongested) else { return }
        congestion = .pausing
        pause(true)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        slow.whenDrained {
            bound.eventLoop.execute { bound.value.endCongestion() }
        }
        eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [weak self] in
            guard let self, case .pausing = congestion else { return }
            congestion = .ignored
            pause(false)
        }
    }

    private func endCongestion() {
        congestion = .none
        pause(false)
        // Another logger may be slow, too.
        checkCongestion(afterBytes: Self.bytesBetweenChecks)
    }
}
