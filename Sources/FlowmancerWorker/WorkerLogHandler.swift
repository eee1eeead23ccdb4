import FlowmancerCore
import FlowmancerWire
import Logging

/// Sends what is logged with swift-log in a worker to the loggers of the job.
struct WorkerLogHandler: LogHandler {
    private let worker: Worker
    /// The attempt whose own logger this is; `nil` for the loggers of libraries.
    private let ownLog: AttemptLog?
    /// The level that was set, if one was.
    private var chosenLevel: Logging.Logger.Level?
    var metadata: Logging.Logger.Metadata = [:]
    var metadataProvider: Logging.Logger.MetadataProvider?

    /// Creates the handler of an attempt's own logger, or of a library's.
    init(worker: Worker, log: AttemptLog? = nil) {
        self.worker = worker
        ownLog = log
    }

    /// An attempt's own messages all go to the loggers, which choose by their `level`; of libraries, messages of level
    /// debug only if the run asks for them.
    var logLevel: Logging.Logger.Level {
        get { chosenLevel ?? (ownLog != nil || worker.isDebug ? .debug : .info) }
        set { chosenLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logging.Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// The attempt that a line belongs to. A library's belongs to the one whose Swift task logs it; if that is unknown,
    /// to the present one.
    private var log: AttemptLog? {
        ownLog ?? (FlowContext.current.logger.handler as? WorkerLogHandler)?.ownLog
    }

    func log(event: Logging.LogEvent) {
        guard let log else { return }
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = "\(error.inWords)" }
        let text = all.mapValues(\.description)
        worker.lines.send(.init(event.level), event.message.description, metadata: text, of: log)
    }
}
