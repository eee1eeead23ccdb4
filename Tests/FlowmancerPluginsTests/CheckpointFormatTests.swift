import FlowmancerCore
import FlowmancerPlugins
import FoundationEssentials
import TestSupport
import Testing

@Suite struct CheckpointFormatTests {
    private static let nasty = ["", "a", "\"\\/\n\r\t\u{0}\u{1F}\u{7F}", "größe 日本 👩‍👩‍👧", "{\"t\":\"a\"}", "%2F"]

    private static let start = CheckpointContents(
        name: "job \"x\"",
        states: Dictionary(uniqueKeysWithValues: zip(nasty, ExecutionState.allCases)),
        sharedDict: ["k": JSONText(rawValue: "{\"a\":1.10000000000000000001}"), "\n": JSONText(rawValue: "\"\\n\"")],
        fingerprints: ["a": "0123456789abcdef"]
    )

    private static let entries: [JournalEntry] =
        nasty.map { .state(task: $0, .running, attempt: 1) }
        + nasty.map { .set(key: $0, JSONText(rawValue: "[\"\($0)\"]")) }
        + [.remove(key: "k"), .remove(key: "missing"), .state(task: "a", .failed, attempt: .max)]
        + ExecutionState.allCases.map { .state(task: "new", $0, attempt: 0) }

    private static func encode(_ start: CheckpointContents, _ entries: [JournalEntry]) -> (bytes: [UInt8], ends: [Int])
    {
        var bytes: [UInt8] = []
        CheckpointEncoder.appendHeader(start, to: &bytes)
        var ends = [bytes.count]
        for entry in entries {
            CheckpointEncoder.append(entry, to: &bytes)
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

    @Test func everyLineIsJSONWithItsChecksum() throws {
        let bytes = Self.encode(Self.start, Self.entries).bytes
        for line in bytes.split(separator: 10) {
            let json = Array(line.dropFirst(9))
            let checksum = String(CRC32C.checksum(json), radix: 16)
            #expect(String(decoding: line.prefix(9), as: UTF8.self).drop { $0 == "0" } == "\(checksum) ")
            let parsed = try JSONDecoder().decode(LineShape.self, from: Data(json))
            #expect(parsed.isKnown)
        }
    }

    private struct LineShape: Decodable {
        var format, t, s, set, v, del: String?

        var isKnown: Bool { format != nil || (t != nil && s != nil) || (set != nil && v != nil) || del != nil }
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

    /// A changed byte is found, or it makes the last line one that was not completely written.
    @Test(arguments: [0x01, 0x20, 0x80, 0xFF] as [UInt8])
    func noChangedByteIsTakenForTruth(_ change: UInt8) throws {
        let (bytes, ends) = Self.encode(Self.start, Self.entries)
        for offset in bytes.indices {
            var damaged = bytes
            damaged[offset] ^= change
            do {
                let contents = try decode(damaged)
                #expect(offset == bytes.count - 1)
                #expect(contents == Self.steps[Self.steps.count - 2])
            } catch let error as CheckpointDamagedError {
                let line = ends.firstIndex { offset < $0 } ?? 0
                #expect(error.line == line + 1)
                #expect(error.intactContents == (line == 0 ? nil : Self.steps[line - 1]))
            }
        }
    }

    @Test func randomDamageNeverCrashesOrDeceives() {
        var random = SeededGenerator(seed: 7)
        let (bytes, _) = Self.encode(Self.start, Self.entries)
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let offset = Int.random(in: 0..<damaged.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: damaged[offset] = .random(in: 0...255, using: &random)
                case 1: damaged.remove(at: offset)
                case 2: damaged.insert(.random(in: 0...255, using: &random), at: offset)
                default: damaged.removeSubrange(offset..<min(damaged.count, offset + 40))
                }
            }
            if let contents = try? decode(damaged) { #expect(Self.steps.contains(contents)) }
        }
    }

    private static func line(_ json: String) -> [UInt8] {
        let digits = String(CRC32C.checksum(Array(json.utf8)), radix: 16)
        return Array("\(String(repeating: "0", count: 8 - digits.count))\(digits) \(json)\n".utf8)
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
            (encode(CheckpointContents(name: "other"), []).bytes, .otherJob, "the job 'other'"),
            (encode(start, entries).bytes + line("{\"x\":1}"), .damaged, "the first 23 records"),
            (encode(start, []).bytes + line("{\"t\":\"a\",\"s\":\"X\",\"n\":1}"), .damaged, "line 2"),
            (encode(start, []).bytes + line("{\"del\":\"a\"} "), .damaged, "line 2"),
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
