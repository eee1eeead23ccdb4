/// How much a log line matters.
public enum Severity: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Of use only to those who look for a mistake.
    case debug = "DEBUG"
    /// What normally happens; standard output counts as this.
    case info = "INFO"
    /// Something is doubtful, and the work goes on.
    case warning = "WARNING"
    /// Something went wrong; standard error counts as this.
    case error = "ERROR"
    /// Something went wrong that needs somebody at once.
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
