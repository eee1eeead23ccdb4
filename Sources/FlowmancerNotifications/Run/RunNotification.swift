public import FlowmancerCore
import FoundationEssentials

/// An extension that sends messages about a run.
///
/// A conforming type implements ``send(_:)``:
/// ```swift
/// struct FileNotification: RunNotification {
///     @Flattened var moments: NotificationMoments
///     let record = RunRecord()
///
///     func send(_ message: NotificationMessage) async throws {
///         try message.text.write(toFile: "news.txt", atomically: true, encoding: .utf8)
///     }
/// }
/// ```
/// The run does not wait until the message about its start is sent.
public protocol RunNotification: FlowLogger, FlowExtension {
    /// When messages are sent: `@Flattened var moments: NotificationMoments`.
    var moments: NotificationMoments { get }
    /// The state of the run, for the text of messages: `let record = RunRecord()`.
    var record: RunRecord { get }

    /// Sends a message.
    ///
    /// - Throws: An error that says why the message was not sent. The run reports it and continues.
    func send(_ message: NotificationMessage) async throws
}

extension RunNotification {
    /// Sends the message about the start of the run, unless ``NotificationMoments/notifyOnCreate`` is off.
    public func onCreate() async throws {
        record.begin(runInfo)
        guard moments.notifyOnCreate else { return }
        let message = message(.started, at: Date())
        record.sendFirst { try await send(message) }
    }

    /// Records the output of a task.
    public func update(_ event: TaskLogEvent) async throws {
        record.update { $0.apply(event) }
    }

    /// Records the end of a task.
    public func update(_ event: ExecutionEvent) async throws {
        record.update { $0.apply(event) }
    }

    /// Sends the message about success, unless ``NotificationMoments/notifyOnSuccess`` is off.
    public func onSuccess() async throws { try await finish(.succeeded, isWanted: moments.notifyOnSuccess) }

    /// Sends the message about failure, unless ``NotificationMoments/notifyOnFailure`` is off.
    public func onFailure() async throws { try await finish(.failed, isWanted: moments.notifyOnFailure) }

    /// Sends the message about an abort, unless ``NotificationMoments/notifyOnAbort`` is off.
    public func onAbort() async throws { try await finish(.aborted, isWanted: moments.notifyOnAbort) }

    /// How long sending a message may take, so that it, and the wait for the one before, fit into the time that a
    /// plug-in has for its end.
    package var sendingLimit: Duration { min(.seconds(10), runInfo.job.configuration.pluginGrace * 3 / 5) }

    private func message(_ moment: NotificationMoment, at date: Date) -> NotificationMessage {
        NotificationMessage(NotificationWording(moment, record.summary ?? RunSummary(runInfo), now: date))
    }

    /// - Throws: What kept the last message from being sent, or otherwise the first.
    private func finish(_ moment: NotificationMoment, isWanted: Bool) async throws {
        // The wait for the first message is no part of the run.
        let end = Date()
        let first = await record.finishFirst(within: runInfo.job.configuration.pluginGrace / 5)
        if isWanted { try await send(message(moment, at: end)) }
        do {
            try first.get()
        } catch is CancellationError {
            throw NotificationError("the message about the start of the job was not sent before the job ended")
        }
    }
}
