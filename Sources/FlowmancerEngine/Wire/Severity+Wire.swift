import FlowmancerCore
import FlowmancerWire
import Logging

extension WireLogLine.Severity {
    init(_ level: Logging.Logger.Level) {
        switch level {
        case .trace, .debug: self = .debug
        case .info, .notice: self = .info
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        }
    }
}

extension Severity {
    init(_ severity: WireLogLine.Severity) {
        switch severity {
        case .debug: self = .debug
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        case .info, .unspecified, .UNRECOGNIZED: self = .info
        }
    }
}
