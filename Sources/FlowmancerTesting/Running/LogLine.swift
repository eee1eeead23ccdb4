public import Flowmancer

/// A line that a task logged with `logger`.
public struct LogLine: Sendable, Hashable, CustomStringConvertible {
    /// The severity of the message.
    public let severity: Severity
    /// The text of the message.
    public let message: String
    /// The metadata of the message.
    public let metadata: [String: String]

    /// The severity and the text: `INFO - Done!`.
    public var description: String { "\(severity.rawValue) - \(message)" }
}
