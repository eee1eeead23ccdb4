package import FlowmancerCore
import FlowmancerSystem
import struct FoundationEssentials.Date

/// The form of a message to the system's log.
package struct SyslogMessage: Sendable {
    /// Which form a daemon expects.
    package enum Format: String, Sendable, Hashable, CaseIterable {
        /// As syslog(3) writes it to the local socket; RFC 3164 without the name of the machine, which the daemon knows.
        case local
        /// RFC 5424.
        case rfc5424
    }

    package var format: Format
    package var facility: SyslogFacility
    package var appName: String
    package var hostName: String
    package var processID: Int32
    /// The most bytes that a message may have; the rest is cut off.
    package var maximumLength: Int

    package init(
        format: Format,
        facility: SyslogFacility,
        appName: String,
        hostName: String,
        processID: Int32,
        maximumLength: Int
    ) {
        self.format = format
        self.facility = facility
        self.appName = appName
        self.hostName = hostName
        self.processID = processID
        self.maximumLength = maximumLength
    }

    /// Returns a datagram for every line of a message.
    package func datagrams(_ event: TaskLogEvent) -> [[UInt8]] {
        guard event.kind == .line else { return [] }
        let header = header(event.severity, event.timestamp)
        let text = event.message + LogLine.text(of: event.metadata)
        return text.finalLines.map { line in
            let content = "\(event.jobName)/\(event.taskName): \(line)".printable
            return cut(Array("\(header)\(content)".utf8))
        }
    }

    private func header(_ severity: Severity, _ date: Date) -> String {
        let priority = facility.number * 8 + severity.syslogNumber
        let (seconds, _) = TimestampWriter.split(date)
        switch format {
        case .local:
            let local = LocalTime(secondsSince1970: seconds)
            let day = local.day < 10 ? " \(local.day)" : "\(local.day)"
            let month = Self.months[max(0, min(11, local.month - 1))]
            return "<\(priority)>\(month) \(day) \(local.time) \(field(appName, 32))[\(processID)]: "
        case .rfc5424:
            var stamp: [UInt8] = []
            var timestamps = TimestampWriter(separator: "T")
            timestamps.append(date, to: &stamp)
            let time = String(decoding: stamp, as: UTF8.self)
            return "<\(priority)>1 \(time) \(field(hostName, 255)) \(field(appName, 48)) \(processID) - - "
        }
    }

    /// A field of a header has no blanks and is never empty.
    private func field(_ text: String, _ maximumLength: Int) -> String {
        let bytes = text.utf8.filter { (0x21...0x7E).contains($0) }.prefix(maximumLength)
        return bytes.isEmpty ? "-" : String(decoding: bytes, as: UTF8.self)
    }

    /// Cuts a message between two characters.
    private func cut(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > maximumLength else { return bytes }
        var end = maximumLength
        while end > 0, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(bytes[..<end])
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

/// The part of a system that a message to its log comes from.
public enum SyslogFacility: String, Sendable, Hashable, CaseIterable {
    /// A facility as syslog.conf(5) names it.
    case user, daemon, cron, local0, local1, local2, local3, local4, local5, local6, local7

    package var number: Int {
        switch self {
        case .user: 1
        case .daemon: 3
        case .cron: 9
        case .local0: 16
        case .local1: 17
        case .local2: 18
        case .local3: 19
        case .local4: 20
        case .local5: 21
        case .local6: 22
        case .local7: 23
        }
    }
}

extension Severity {
    fileprivate var syslogNumber: Int {
        switch self {
        case .critical: 2
        case .error: 3
        case .warning: 4
        case .info: 6
        case .debug: 7
        }
    }
}
