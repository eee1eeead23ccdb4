package import FlowmancerCore
package import FlowmancerSystem
import FoundationEssentials

/// The form of an event as a line of JSON.
///
/// The text is put together by hand: a line takes about a microsecond that way, with `Codable` many.
package struct JSONLine {
    private var timestamps: TimestampWriter
    private var run = (id: RunID.unknown, text: Array(RunID.unknown.description.utf8))

    package init(timestamps: TimestampWriter = TimestampWriter(separator: "T")) {
        self.timestamps = timestamps
    }

    /// Appends an event, without a line feed.
    package mutating func append(_ event: TaskLogEvent, to buffer: inout [UInt8]) {
        buffer.append(contentsOf: #"{"timestamp":""#.utf8)
        timestamps.append(event.timestamp, to: &buffer)
        buffer.append(contentsOf: #"","run":""#.utf8)
        appendID(of: event, to: &buffer)
        buffer.append(contentsOf: #"","job":"#.utf8)
        JSONString.append(event.jobName, to: &buffer)
        buffer.append(contentsOf: #","task":"#.utf8)
        JSONString.append(event.taskName, to: &buffer)
        if let group = event.groupName {
            buffer.append(contentsOf: #","group":"#.utf8)
            JSONString.append(group, to: &buffer)
        }
        buffer.append(contentsOf: #","attempt":\#(event.attempt),"kind":"#.utf8)
        if event.kind == .line {
            buffer.append(contentsOf: #""write","severity":"\#(event.severity.rawValue)","message":"#.utf8)
            JSONString.append(event.message, to: &buffer)
        } else {
            JSONString.append(event.kind.description, to: &buffer)
        }
        if !event.metadata.isEmpty { Self.append(event.metadata, to: &buffer) }
        if !event.rawBytes.isEmpty {
            buffer.append(contentsOf: #","raw":"\#(Data(event.rawBytes).base64EncodedString())""#.utf8)
        }
        buffer.append(UInt8(ascii: "}"))
    }

    /// Most lines are of one run, whose id need not be put into words each time.
    private mutating func appendID(of event: TaskLogEvent, to buffer: inout [UInt8]) {
        if event.runID != run.id { run = (event.runID, Array(event.runID.description.utf8)) }
        buffer.append(contentsOf: run.text)
    }

    private static func append(_ metadata: [String: String], to buffer: inout [UInt8]) {
        buffer.append(contentsOf: #","metadata":{"#.utf8)
        for (index, (key, value)) in metadata.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            JSONString.append(key, to: &buffer)
            buffer.append(UInt8(ascii: ":"))
            JSONString.append(value, to: &buffer)
        }
        buffer.append(UInt8(ascii: "}"))
    }
}
