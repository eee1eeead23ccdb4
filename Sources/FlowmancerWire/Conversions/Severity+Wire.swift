package import FlowmancerCore
package import Logging

extension WireLogLine.Severity {
    package init(_ level: Logging.Logger.Level) {
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
    package init(_ severity: WireLogLine.Severity) {
        switch severity {
        case .debug: self = .debug
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .critical
        case .info, .unspecified, .UNRECOGNIZED: self = .info
        }
    }
}
