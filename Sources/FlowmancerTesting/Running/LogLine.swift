public import Flowmancer

/// A line that a task logged with `logger`.
public struct LogLine: Sendable, Hashable, CustomStringConvertible {
    /// How much it matters.
    public let severity: Severity
    /// The text.
    public let message: String
    /// What was logged with it.
    public let metadata: [String: String]

    /// The severity and the text: `INFO - Done!`.
    public var description: String { "\(severity.rawValue) - \(message)" }
}
