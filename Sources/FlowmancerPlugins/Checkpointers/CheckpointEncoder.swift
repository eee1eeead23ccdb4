package import FlowmancerCore
import FlowmancerSystem

/// Writes the lines of a checkpoint file into a buffer.
///
/// A line is a ``ChecksummedLine`` with a JSON text. Its checksum is that of all JSON texts up to this one. The first line holds the contents from which a run began, and every further one a step of the run:
/// ```
/// 0b4bd8fd {"format":"flowmancer-checkpoint","version":1,"name":"my-job","run":"019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37","job_file":"/a/job.yaml","states":{"a":"P"},"shared_dict":{},"fingerprints":{}}
/// 3fce3b09 {"t":"a","s":"R","n":1}
/// 51f0c9d4 {"t":"a","s":"C","n":1,"v":"{\"rows\":42}"}
/// 7c2bd9b7 {"set":"my_var","v":"\"text\""}
/// 9be4a7a8 {"del":"my_var"}
/// 4d01c2e6 {"kind":"decision","name":"a","v":"true"}
/// ```
/// The id of the run, the path of the job file, decisions and outputs are optional. Values are JSON texts within JSON
/// strings: no number loses digits on the way. The value of a state is what the task published. An entry of a kind without a short form names its kind. This form is the only one that is ever
/// written, and ``CheckpointDecoder`` accepts no other.
package enum CheckpointEncoder {
    package static let format = "flowmancer-checkpoint"
    package static let version = 1

    /// Appends the first line.
    ///
    /// - Returns: The checksum that the next line continues.
    package static func appendHeader(_ contents: CheckpointContents, to buffer: inout [UInt8]) -> UInt32 {
        ChecksummedLine.append(to: &buffer) { buffer in
            buffer += #"{"format":"\#(format)","version":\#(version),"name":"#.utf8
            append(contents.name, to: &buffer)
            if let id = contents.runID {
                buffer += #","run":"\#(id)""#.utf8
            }
            if let jobFile = contents.jobFile {
                buffer += #","job_file":"#.utf8
                append(jobFile, to: &buffer)
            }
            appendMap(contents.states, named: "states", to: &buffer) { $0.rawValue }
            appendMap(contents.sharedDict, named: "shared_dict", to: &buffer) { $0.rawValue }
            if !contents.decisions.isEmpty {
                appendMap(contents.decisions, named: "decisions", to: &buffer) { $0.rawValue }
            }
            if !contents.outputs.isEmpty {
                appendMap(contents.outputs, named: "outputs", to: &buffer) { $0.rawValue }
            }
            appendMap(contents.fingerprints, named: "fingerprints", to: &buffer) { $0 }
            buffer.append(UInt8(ascii: "}"))
        }
    }

    /// Appends the line of one step.
    ///
    /// - Parameter checksum: That of the line before; it becomes that of this line.
    package static func append(
        _ entry: JournalEntry,
        to buffer: inout [UInt8],
        continuing checksum: inout UInt32
    ) {
        checksum = ChecksummedLine.append(to: &buffer, following: checksum) { buffer in
            switch entry.kind {
            case .state: buffer += #"{"t":"#.utf8
            case .set: buffer += #"{"set":"#.utf8
            case .remove: buffer += #"{"del":"#.utf8
            default:
                buffer += #"{"kind":"#.utf8
                append(entry.kind.rawValue, to: &buffer)
                buffer += #","name":"#.utf8
            }
            append(entry.name, to: &buffer)
            if let state = entry.state {
                buffer += #","s":"#.utf8
                append(state.rawValue, to: &buffer)
                buffer += #","n":"#.utf8
                buffer += String(entry.attempt).utf8
            }
            if let value = entry.value {
                buffer += #","v":"#.utf8
                append(value.rawValue, to: &buffer)
            }
            buffer.append(UInt8(ascii: "}"))
        }
    }

    private static func appendMap<Value>(
        _ map: [String: Value],
        named name: String,
        to buffer: inout [UInt8],
        text: (Value) -> String
    ) {
        buffer += #","\#(name)":{"#.utf8
        var isFirst = true
        for (key, value) in map {
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            append(key, to: &buffer)
            buffer.append(UInt8(ascii: ":"))
            append(text(value), to: &buffer)
        }
        buffer.append(UInt8(ascii: "}"))
    }

    /// Appends a JSON string, in the one form that the decoder takes.
    private static func append(_ text: String, to buffer: inout [UInt8]) {
        JSONString.append(text, to: &buffer, letters: .lineFeed)
    }
}
