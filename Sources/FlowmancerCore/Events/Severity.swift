/// The importance of a log line.
public enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Details that help to find a mistake.
    case debug = "DEBUG"
    /// Normal messages. Standard output has this severity.
    case info = "INFO"
    /// Something may be wrong, and the work continues.
    case warning = "WARNING"
    /// Something went wrong. Standard error has this severity.
    case error = "ERROR"
    /// Something went wrong that needs attention at once.
    case critical = "CRITICAL"

    private var rank: Int {
        switch self {
        case .debug: 0
        case .info: 1
        case .warning: 2
        case .error: 3
        case .critical: 4
        }
    }

    /// Orders severities from the least to the most important.
    public static func < (lhs: Severity, rhs: Severity) -> Bool {
        lhs.rank < rhs.rank
    }
}
