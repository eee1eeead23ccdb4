import FlowmancerCore
import FlowmancerSystem

/// The lines of the file of a run.
///
/// Each is a ``ChecksummedLine`` with a JSON object. The first one has what is known of the run, the second one its tasks, and
/// every further one an event:
/// ```
/// 0b4bd8fd {"format":"flowmancer-run","version":1,"run":{"id":"019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37","job":"my-job",…}}
/// 3fce3b09 {"tasks":[{"name":"a","type":"Shell"}]}
/// 51f0c9d4 {"n":1,"at":1764547200123456,"task":"a","attempt":1,"from":"P","to":"R"}
/// 7c2bd9b7 {"n":2,"at":1764547200223456,"task":"a","attempt":1,"from":"R","to":"C"}
/// 9be4a7a8 {"n":3,"at":1764547200224456,"end":"succeeded","states":["C"],"counts":[1]}
/// ```
enum RunFileFormat {
    static let format = "flowmancer-run"
    static let version = 1

    /// What the first line is.
    enum Head {
        case run(RunRecord)
        case newer(version: Int)
        case foreign
    }

    // MARK: Writing

    static func appendHead(_ run: RunRecord, _ shape: RunShape, to buffer: inout [UInt8]) {
        ChecksummedLine.append(to: &buffer) { buffer in
            buffer += #"{"format":"\#(format)","version":\#(version),"run":"#.utf8
            buffer += run.json.rawValue.utf8
            buffer.append(UInt8(ascii: "}"))
        }
        ChecksummedLine.append(to: &buffer) { $0 += shape.json.rawValue.utf8 }
    }

    static func append(_ event: RecordedEvent, to buffer: inout [UInt8]) {
        ChecksummedLine.append(to: &buffer) { event.append(to: &$0) }
    }

    // MARK: Reading

    /// Returns the JSON of a line; `nil` if the line is damaged.
    ///
    /// - Parameter line: Without its line feed.
    static func json(of line: Range<Int>, in bytes: [UInt8]) -> JSONText? {
        ChecksummedLine.text(of: line, in: bytes).map { text in
            JSONText(rawValue: String(decoding: bytes[text.place], as: UTF8.self))
        }
    }

    /// Reads the first line.
    static func head(_ line: Range<Int>, in bytes: [UInt8]) -> Head? {
        guard let json = json(of: line, in: bytes) else {
            // Where it can still be seen what it was, it is damaged.
            let text = String(decoding: bytes[line].prefix(64), as: UTF8.self)
            return text.contains(format) || text.contains(#"{"format""#) ? nil : .foreign
        }
        guard case .object(let members)? = ParameterValue(json: json), members["format"] == .string(format),
            case .int(let version)? = members["version"]
        else { return .foreign }
        guard version == Self.version else { return .newer(version: version) }
        return members["run"].flatMap { RunRecord(json: $0.json) }.map(Head.run)
    }
}
