package import FlowmancerCore
package import FlowmancerSystem

/// The form of a line in a log file: `[2024-05-01 12:00:00.123456+02:00] INFO - Done!`
package struct LogLine {
    private var timestamps: TimestampWriter

    package init(timestamps: TimestampWriter = TimestampWriter()) {
        self.timestamps = timestamps
    }

    /// Appends one line with its line feed.
    ///
    /// - Parameters:
    ///   - event: A line of a task.
    ///   - buffer: Receives the line.
    package mutating func append(_ event: TaskLogEvent, to buffer: inout [UInt8]) {
        buffer.append(UInt8(ascii: "["))
        timestamps.append(event.timestamp, to: &buffer)
        buffer.append(contentsOf: "] ".utf8)
        buffer.append(contentsOf: event.severity.rawValue.utf8)
        buffer.append(contentsOf: " - ".utf8)
        if event.rawBytes.isEmpty {
            buffer.append(contentsOf: event.message.utf8)
        } else {
            buffer.append(contentsOf: event.rawBytes)
        }
        if !event.metadata.isEmpty { buffer.append(contentsOf: Self.text(of: event.metadata).utf8) }
        buffer.append(UInt8(ascii: "\n"))
    }

    /// Returns what follows a line that was logged with metadata: ` key=value`, as often as need be.
    package static func text(of metadata: [String: String]) -> String {
        metadata.sorted { $0.key < $1.key }.map { " \($0)=\(quotedIfNeeded($1))" }.joined()
    }

    /// A value with blanks or quotes would not show where it ends.
    private static func quotedIfNeeded(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "\"") }
        guard !isPlain || value.isEmpty else { return value }
        let escaped = value.replacingScalars { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\"": "\\\""
            case "\n": "\\n"
            case "\r": "\\r"
            default: nil
            }
        }
        return "\"\(escaped)\""
    }
}
