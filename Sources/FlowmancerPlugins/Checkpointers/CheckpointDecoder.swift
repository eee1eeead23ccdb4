package import FlowmancerCore
import FlowmancerSystem

/// Reads what ``CheckpointEncoder`` wrote.
package struct CheckpointDecoder {
    private let bytes: [UInt8]
    private let path: String
    private let name: String
    private var contents: CheckpointContents?
    private var line = 0
    /// The checksum of the JSON texts of all lines until now.
    private var checksum: UInt32 = 0

    /// Returns the contents of a checkpoint file, with all steps of its journal.
    ///
    /// A last line without its line feed is what a crash leaves that came in the middle of a write: it counts as not
    /// written. Anything else that is not as it was written is an error.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - path: Where it was found, for errors.
    ///   - name: The job that it should be of.
    /// - Throws: ``CheckpointDamagedError``.
    package static func decode(_ bytes: [UInt8], path: String, name: String) throws -> CheckpointContents {
        var decoder = CheckpointDecoder(bytes: bytes, path: path, name: name)
        return try decoder.decode()
    }

    private init(bytes: [UInt8], path: String, name: String) {
        self.bytes = bytes
        self.path = path
        self.name = name
    }

    private mutating func decode() throws(CheckpointDamagedError) -> CheckpointContents {
        guard !bytes.isEmpty else { throw damage(.empty) }
        line = 1
        guard looksLikeHeader else { throw damage(.foreign) }
        guard var end = lineFeed(from: 0) else { throw damage(.header) }
        var result = try header(0..<end)
        contents = result
        while true {
            let start = end + 1
            guard start < bytes.count else { return result }
            line += 1
            guard let next = lineFeed(from: start) else {
                // A crash cuts lines off, but it puts nothing in the place of a line feed.
                guard checkedJSON(start..<bytes.count - 1) == nil else {
                    contents = result
                    throw damage(.record)
                }
                return result
            }
            guard let json = checkedJSON(start..<next), let entry = Self.entry(bytes, json) else {
                contents = result
                throw damage(.record)
            }
            result.apply(entry)
            end = next
        }
    }

    /// The first bytes tell a checkpoint that was damaged from a file that never was one.
    private var looksLikeHeader: Bool {
        guard bytes.count > 9 else { return false }
        var scanner = CheckpointScanner(bytes, 8..<bytes.count)
        if scanner.skip(#" {"format":"flowmancer-checkpoint""#) { return true }
        // Where these bytes are the damaged ones, the checksum before them or what follows still tells.
        return bytes[..<8].allSatisfy { ChecksummedLine.digit($0) != nil } && bytes[8] == UInt8(ascii: " ")
    }

    private func lineFeed(from start: Int) -> Int? {
        bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
    }

    /// Returns where the JSON text of a line is; `nil` if the line does not match its checksum.
    private mutating func checkedJSON(_ range: Range<Int>) -> Range<Int>? {
        guard let (json, found) = ChecksummedLine.text(of: range, in: bytes, following: checksum) else { return nil }
        checksum = found
        return json
    }

    private mutating func header(_ range: Range<Int>) throws(CheckpointDamagedError) -> CheckpointContents {
        guard let json = checkedJSON(range) else { throw damage(.header) }
        var scanner = CheckpointScanner(bytes, json)
        guard scanner.skip(#"{"format":"flowmancer-checkpoint","version":"#), let version = scanner.integer() else {
            throw damage(.foreign)
        }
        guard version == CheckpointEncoder.version else { throw damage(.version(version)) }
        guard scanner.skip(#","name":"#), let foundName = scanner.string() else { throw damage(.header) }
        var (runID, jobFile): (RunID?, String?) = (nil, nil)
        if scanner.skip(#","run":"#) {
            guard let id = scanner.string().flatMap(RunID.init) else { throw damage(.header) }
            runID = id
        }
        if scanner.skip(#","job_file":"#) {
            guard let path = scanner.string() else { throw damage(.header) }
            jobFile = path
        }
        guard scanner.skip(#","states":"#), let states = scanner.map(ExecutionState.init(rawValue:)),
            scanner.skip(#","shared_dict":"#), let sharedDict = scanner.map(JSONText.init(rawValue:)),
            let decisions = scanner.skip(#","decisions":"#) ? scanner.map(JSONText.init(rawValue:)) : [:],
            let outputs = scanner.skip(#","outputs":"#) ? scanner.map(JSONText.init(rawValue:)) : [:],
            scanner.skip(#","fingerprints":"#), let fingerprints = scanner.map(about: states.count, { $0 }),
            scanner.skip("}"), scanner.isAtEnd
        else { throw damage(.header) }
        guard foundName == name else { throw damage(.otherJob(foundName)) }
        return CheckpointContents(
            name: foundName,
            runID: runID,
            states: states,
            sharedDict: sharedDict,
            decisions: decisions,
            outputs: outputs,
            fingerprints: fingerprints,
            jobFile: jobFile
        )
    }

    private static func entry(_ bytes: [UInt8], _ range: Range<Int>) -> JournalEntry? {
        var scanner = CheckpointScanner(bytes, range)
        guard let kind = kind(&scanner), let name = scanner.string() else { return nil }
        var (state, attempt, value): (ExecutionState?, Int, JSONText?) = (nil, 0, nil)
        if scanner.skip(#","s":"#) {
            guard let found = scanner.string().flatMap(ExecutionState.init(rawValue:)),
                scanner.skip(#","n":"#), let number = scanner.integer()
            else { return nil }
            (state, attempt) = (found, number)
        }
        if scanner.skip(#","v":"#) {
            guard let text = scanner.string() else { return nil }
            value = JSONText(rawValue: text)
        }
        guard scanner.skip("}"), scanner.isAtEnd else { return nil }
        return JournalEntry(kind, name, state: state, attempt: attempt, value: value)
    }

    private static func kind(_ scanner: inout CheckpointScanner) -> JournalEntry.Kind? {
        if scanner.skip(#"{"t":"#) { return .state }
        if scanner.skip(#"{"set":"#) { return .set }
        if scanner.skip(#"{"del":"#) { return .remove }
        guard scanner.skip(#"{"kind":"#), let name = scanner.string(), scanner.skip(#","name":"#) else { return nil }
        return JournalEntry.Kind(rawValue: name)
    }

    private func damage(_ problem: CheckpointDamagedError.Problem) -> CheckpointDamagedError {
        CheckpointDamagedError(problem, path: path, line: line, intactContents: contents)
    }
}
