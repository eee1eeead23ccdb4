import FlowmancerCore
import FlowmancerPlugins
import FlowmancerSystem
import FoundationEssentials
import TestSupport
import Testing

@Suite struct CheckpointFormatTests {
    private static let nasty = ["", "a", "\"\\/\n\r\t\u{0}\u{1F}\u{7F}", "größe 日本 👩‍👩‍👧", "{\"t\":\"a\"}", "%2F"]

    private static let start = CheckpointContents(
        name: "job \"x\"",
        runID: RunID("019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37"),
        states: Dictionary(uniqueKeysWithValues: zip(nasty, ExecutionState.allCases)),
        sharedDict: ["k": JSONText(rawValue: "{\"a\":1.10000000000000000001}"), "\n": JSONText(rawValue: "\"\\n\"")],
        decisions: ["a": JSONText(rawValue: "true"), "": JSONText(rawValue: "[\"x\"]")],
        outputs: ["a": JSONText(rawValue: "{\"n\":1.0}"), "\"": JSONText(rawValue: "{ }")],
        fingerprints: ["a": "0123456789abcdef"],
        jobFile: "/jobs/größe \"x\"\n.yaml"
    )

    private static let entries: [JournalEntry] =
        nasty.map { .state(task: $0, .running, attempt: 1) }
        + nasty.map { .set(key: $0, JSONText(rawValue: "[\"\($0)\"]")) }
        + [.remove(key: "k"), .remove(key: "missing"), .state(task: "a", .failed, attempt: .max)]
        + ExecutionState.allCases.map { .state(task: "new", $0, attempt: 0) }
        + [
            .state(task: "new", .completed, attempt: 1, outputs: JSONText(rawValue: "{\"x\":\"\\n\"}")),
            .state(task: "a", .running, attempt: 2),
        ]
        + [.decision(task: "new", JSONText(rawValue: "false")), JournalEntry(.init(rawValue: "later"), "new")]

    private static func encode(_ start: CheckpointContents, _ entries: [JournalEntry]) -> (bytes: [UInt8], ends: [Int])
    {
        var bytes: [UInt8] = []
        var checksum = CheckpointEncoder.appendHeader(start, to: &bytes)
        var ends = [bytes.count]
        for entry in entries {
            CheckpointEncoder.append(entry, to: &bytes, continuing: &checksum)
            ends.append(bytes.count)
        }
        return (bytes, ends)
    }

    private func decode(_ bytes: [UInt8], name: String = Self.start.name) throws -> CheckpointContents {
        try CheckpointDecoder.decode(bytes, path: "/x/job.checkpoint", name: name)
    }

    /// The contents after the start and after every entry.
    private static let steps: [CheckpointContents] = entries.reduce(into: [start]) { steps, entry in
        var next = steps[steps.count - 1]
        next.apply(entry)
        steps.append(next)
    }

    @Test func whatIsWrittenIsReadBack() throws {
        #expect(try decode(Self.encode(Self.start, Self.entries).bytes) == Self.steps.last)
    }

    @Test func aCheckpointNeedNotComeFromAFile() throws {
        var contents = Self.start
        contents.jobFile = nil
        #expect(try decode(Self.encode(contents, []).bytes) == contents)
    }

    /// An earlier version can read the checkpoint of a job for which nothing is decided.
    @Test func whatIsNotThereTakesNoRoom() throws {
        let bytes = Self.encode(CheckpointContents(name: "job"), []).bytes
        let header =
            #"{"format":"flowmancer-checkpoint","version":1,"name":"job","states":{},"shared_dict":{},"fingerprints":{}}"#
        #expect(String(decoding: bytes.dropFirst(9), as: UTF8.self) == header + "\n")
    }

    @Test func everyLineIsJSONWithItsChecksum() throws {
        let bytes = Self.encode(Self.start, Self.entries).bytes
        var allJSON: [UInt8] = []
        for line in bytes.split(separator: 10) {
            let json = Array(line.dropFirst(9))
            allJSON += json
            let checksum = String(CRC32C.checksum(allJSON), radix: 16)
            #expect(String(decoding: line.prefix(9), as: UTF8.self).drop { $0 == "0" } == "\(checksum) ")
            let parsed = try JSONDecoder().decode(LineShape.self, from: Data(json))
            #expect(parsed.isKnown)
        }
    }

    private struct LineShape: Decodable {
        var format, t, s, set, v, del, kind, name: String?

        var isKnown: Bool {
            format != nil || (t != nil && s != nil) || (set != nil && v != nil) || del != nil
                || (kind != nil && name != nil)
        }
    }

    @Test func everyPrefixIsReadable() throws {
        let (bytes, ends) = Self.encode(Self.start, Self.entries)
        for length in ends[0]...bytes.count {
            let complete = ends.count { $0 <= length } - 1
            #expect(try decode(Array(bytes[..<length])) == Self.steps[complete])
        }
        for length in 0..<ends[0] {
            #expect(throws: CheckpointDamagedError.self) { try decode(Array(bytes[..<length])) }
        }
    }

    /// A changed byte is found wherever it is, also in the place of the last line feed.
    @Test(arguments: [0x01, 0x20, 0x80, 0xFF] as [UInt8])
    func noChangedByteIsTakenForTruth(_ change: UInt8) throws {
        let (bytes, ends) = Self.encode(Self.start, Self.entries)
        for offset in bytes.indices {
            var damaged = bytes
            damaged[offset] ^= change
            let error = #expect(throws: CheckpointDamagedError.self) { try decode(damaged) }
            let line = ends.firstIndex { offset < $0 } ?? 0
            #expect(error?.line == line + 1)
            #expect(error?.intactContents == (line == 0 ? nil : Self.steps[line - 1]))
        }
    }

    @Test func everyFlippedBitIsFound() {
        let bytes = Self.encode(Self.start, Self.entries).bytes
        for offset in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[offset] ^= 1 << bit
                #expect(throws: CheckpointDamagedError.self) { try decode(damaged) }
            }
        }
    }

    /// A line that is missing, doubled or elsewhere is damage, too, though each line for itself is as it was written.
    @Test func linesBelongTogether() {
        let (bytes, ends) = Self.encode(Self.start, Self.entries)
        let lines = zip([0] + ends, ends).map { Array(bytes[$0..<$1]) }
        for index in 1..<lines.count {
            for other in 1..<lines.count where other != index {
                var damaged = lines
                damaged.insert(damaged.remove(at: index), at: other)
                #expect(throws: CheckpointDamagedError.self) { try decode(damaged.flatMap { $0 }) }
            }
            var doubled = lines
            doubled.insert(lines[index], at: index)
            #expect(throws: CheckpointDamagedError.self) { try decode(doubled.flatMap { $0 }) }
            var missing = lines
            missing.remove(at: index)
            if index < lines.count - 1 {
                #expect(throws: CheckpointDamagedError.self) { try decode(missing.flatMap { $0 }) }
            }
        }
    }

    /// What is read of a damaged file is what some moment of the run had, or an error that knows such a moment.
    @Test func randomDamageNeverCrashesOrDeceives() {
        var random = SeededGenerator(seed: 7)
        let (bytes, ends) = Self.encode(Self.start, Self.entries)
        for number in 0..<10_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) where !damaged.isEmpty {
                Self.damage(&damaged, ends, using: &random)
            }
            do {
                #expect(Self.steps.contains(try decode(damaged)), "case \(number)")
            } catch let error as CheckpointDamagedError {
                #expect(error.intactContents.map(Self.steps.contains) ?? true, "case \(number)")
                #expect(!error.description.isEmpty)
            } catch {
                Issue.record("case \(number): \(error)")
            }
        }
    }

    private static func damage(_ bytes: inout [UInt8], _ ends: [Int], using random: inout SeededGenerator) {
        let offset = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, offset + Int.random(in: 1...100, using: &random))
        switch Int.random(in: 0..<9, using: &random) {
        case 0: bytes[offset] = .random(in: 0...255, using: &random)
        case 1: bytes[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: bytes.remove(at: offset)
        case 3: bytes.insert(.random(in: 0...255, using: &random), at: offset)
        case 4: bytes.removeSubrange(offset..<end)
        case 5: bytes.insert(contentsOf: bytes[offset..<end], at: offset)
        // Blocks that a disk never wrote are zeros.
        case 6: bytes.replaceSubrange(offset..<end, with: repeatElement(0, count: end - offset))
        case 7: bytes.removeLast(bytes.count - offset)
        default:
            let line = Int.random(in: 1..<ends.count, using: &random)
            if ends[line] <= bytes.count { bytes.removeSubrange(ends[line - 1]..<ends[line]) }
        }
    }

    /// A line, behind others if there are any.
    private static func line(_ json: String, after lines: [UInt8] = []) -> [UInt8] {
        let allJSON = lines.split(separator: 10).flatMap { $0.dropFirst(9) } + Array(json.utf8)
        let digits = String(CRC32C.checksum(allJSON), radix: 16)
        return lines + Array("\(String(repeating: "0", count: 8 - digits.count))\(digits) \(json)\n".utf8)
    }

    @Test(
        arguments: [
            ([], .empty, "it is empty"),
            (Array("hello".utf8), .foreign, "not a checkpoint"),
            ([0x80, 0x04, 0x95] + [UInt8](repeating: 0, count: 500), .foreign, "not a checkpoint"),
            ([UInt8](repeating: 10, count: 500), .foreign, "not a checkpoint"),
            (line("{\"other\":1}"), .foreign, "not a checkpoint"),
            (line("{\"format\":\"flowmancer-checkpoint\",\"version\":2,\"new\":[]}"), .futureVersion, "version 2"),
            (
                line("{\"format\":\"flowmancer-checkpoint\",\"version\":99999999999999999999}"), .foreign,
                "not a checkpoint"
            ),
            (
                line("{\"format\":\"flowmancer-checkpoint\",\"version\":1,\"name\":3}"), .damaged,
                "first line is damaged"
            ),
            (
                line("{\"format\":\"flowmancer-checkpoint\",\"version\":1,\"name\":\"job\",\"job_file\":null}"),
                .damaged,
                "first line is damaged"
            ),
            (encode(CheckpointContents(name: "other"), []).bytes, .otherJob, "the job 'other'"),
            (line("{\"x\":1}", after: encode(start, entries).bytes), .damaged, "the first 27 records"),
            (line("{\"t\":\"a\",\"s\":\"X\",\"n\":1}", after: encode(start, []).bytes), .damaged, "line 2"),
            (line("{\"del\":\"a\"} ", after: encode(start, []).bytes), .damaged, "line 2"),
        ] as [([UInt8], CheckpointDamagedError.Code, String)]
    )
    func otherFilesAreRefusedWithAReason(_ bytes: [UInt8], _ code: CheckpointDamagedError.Code, _ words: String) {
        let error = #expect(throws: CheckpointDamagedError.self) { try decode(bytes) }
        #expect(error?.code == code)
        #expect(error?.description.contains(words) == true)
        #expect(error?.description.contains("/x/job.checkpoint") == true)
        #expect(error?.description.contains("--discard-checkpoint") == true)
    }
}
