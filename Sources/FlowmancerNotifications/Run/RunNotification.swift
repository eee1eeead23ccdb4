public import FlowmancerCore
import FoundationEssentials

/// An extension that tells people how a run goes.
///
/// A type says how a message is sent:
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
/// The message of the beginning is sent beside the run, which does not wait for it.
public protocol RunNotification: FlowLogger, FlowExtension {
    /// When messages are sent: `@Flattened var moments: NotificationMoments`.
    var moments: NotificationMoments { get }
    /// What is remembered of the run: `let record = RunRecord()`.
    var record: RunRecord { get }

    /// Sends a message.
    func send(_ message: NotificationMessage) async throws
}

extension RunNotification {
    /// Tells people that the run begins, if they want to know.
    public func onCreate() async throws {
        record.begin(runInfo)
        guard moments.notifyOnCreate else { return }
        let message = message(.started, at: Date())
        record.sendFirst { try await send(message) }
    }

    /// Remembers what a task wrote.
    public func update(_ event: LogEvent) async throws {
        record.update { $0.apply(event) }
    }

    /// Remembers how a task ended.
    public func update(_ event: ExecutionEvent) async throws {
        record.update { $0.apply(event) }
    }

    /// Tells people that the run succeeded, if they want to know.
    public func onSuccess() async throws { try await finish(.succeeded, isWanted: moments.notifyOnSuccess) }

    /// Tells people that the run failed, if they want to know.
    public func onFailure() async throws { try await finish(.failed, isWanted: moments.notifyOnFailure) }

    /// Tells people that the run was aborted, if they want to know.
    public func onAbort() async throws { try await finish(.aborted, isWanted: moments.notifyOnAbort) }

    /// How long sending a message may take, so that it, and the wait for the one before, fit into the time that a plug-in has for its end.
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
            throw NotificationError("the message that the job started was not sent before the job had ended")
        }
    }
}
