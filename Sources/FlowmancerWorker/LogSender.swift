import CFlowmancerKeeper
import FlowmancerWire
import Synchronization

/// Sends what attempts log to the engine.
final class LogSender: Sendable {
    private let connection: WorkerConnection
    /// One line at a time, since the marks are in the order of the messages.
    private let turn = Mutex(())

    init(_ connection: WorkerConnection) {
        self.connection = connection
    }

    /// Sends a line to the loggers of the job, behind everything that was printed before and ahead of what is printed
    /// after. If the attempt is over, the engine only hears that there was such a line.
    ///
    /// - Parameter isRemark: Whether it is about the attempt, and not from the task.
    func send(
        _ severity: WireLogLine.Severity,
        _ message: String,
        metadata: [String: String] = [:],
        of log: AttemptLog,
        isRemark: Bool = false
    ) {
        turn.withLock { _ in
            guard !log.isOver else { return sendLate(message, of: log) }
            flowmancer_flush_streams()
            var line = WireLogLine.with {
                $0.attemptID = log.id
                $0.severity = severity
                $0.message = message
                $0.metadata = metadata
                $0.isRemark = isRemark
            }
            line.isMarked = connection.markOutput(log.mark)
            send(line)
        }
    }

    /// Ends a log: lines that follow come too late.
    func close(_ log: AttemptLog) {
        turn.withLock { _ in log.close() }
    }

    private func sendLate(_ message: String, of log: AttemptLog) {
        var line = WireLateLine.with {
            $0.attemptID = log.id
            $0.taskName = log.taskName
            $0.attempt = log.attempt
            // Whole: the engine masks secrets before it shortens the line.
            $0.message = message
        }
        do {
            try connection.send(.lateLine(line))
        } catch {
            line.message = "(too long)"
            try? connection.send(.lateLine(line))
        }
    }

    /// Sends a line, in parts if it is too large for one message. A mark belongs to the first of them.
    private func send(_ line: WireLogLine) {
        do {
            try connection.send(.log(line))
        } catch {
            var (first, second) = (line, line)
            guard line.message.count > 1 else {
                first.metadata = ["metadata": "left out: too large"]
                try? connection.send(.log(first))
                return
            }
            let half = line.message.index(line.message.startIndex, offsetBy: line.message.count / 2)
            first.message = String(line.message[..<half])
            second.message = String(line.message[half...])
            second.isMarked = false
            send(first)
            send(second)
        }
    }
}
