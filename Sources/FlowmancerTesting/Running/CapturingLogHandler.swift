import Flowmancer
import Logging

/// Hands on what is logged, as the handler of a worker does.
struct CapturingLogHandler: LogHandler {
    let receive: @Sendable (LogLine) -> Void
    var logLevel = Logging.Logger.Level.debug
    var metadata: Logging.Logger.Metadata = [:]
    var metadataProvider: Logging.Logger.MetadataProvider?

    init(receive: @escaping @Sendable (LogLine) -> Void) {
        self.receive = receive
    }

    subscript(metadataKey key: String) -> Logging.Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: Logging.LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { _, new in new } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        if let error = event.error { all["error"] = "\(error.inWords)" }
        let severity: Severity =
            switch event.level {
            case .trace, .debug: .debug
            case .info, .notice: .info
            case .warning: .warning
            case .error: .error
            case .critical: .critical
            }
        let text = all.mapValues(\.description)
        receive(LogLine(severity: severity, message: event.message.description, metadata: text))
    }
}
