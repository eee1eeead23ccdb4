import FlowmancerCore
import FlowmancerWire
import Logging

/// Sends what is logged with swift-log in a worker to the loggers of the job.
struct WorkerLogHandler: LogHandler {
    private let worker: Worker
    var logLevel: Logging.Logger.Level = .info
    var metadata: Logging.Logger.Metadata = [:]
    var metadataProvider: Logging.Logger.MetadataProvider?

    init(worker: Worker, isDebug: Bool) {
        self.worker = worker
        logLevel = isDebug ? .debug : .info
    }

    subscript(metadataKey key: String) -> Logging.Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = "\(error)" }
        worker.log(.init(event.level), event.message.description, metadata: all.mapValues(\.description))
    }
}
