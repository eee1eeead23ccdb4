import FlowmancerCore
import FlowmancerRandom
import FlowmancerSystem
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct ReuseLedgerTests {
    private let directory: TemporaryDirectory
    private let descriptor: OwnedDescriptor

    init() throws {
        directory = try TemporaryDirectory()
        descriptor = try OwnedDescriptor(directory.path, O_RDONLY | O_DIRECTORY)
    }

    private func ledger(isReadOnly: Bool = false) -> ReuseLedger {
        ReuseLedger(in: descriptor, job: "job", isReadOnly: isReadOnly)
    }

    private func record(_ number: Int, outputs: String? = nil) -> ReuseRecord {
        let digest = ContentDigest([UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 32))
        let signature = FileSignature(size: 7, modified: 1_700_000_000_123_456_789, changed: 12, inode: .max >> 1)
        return ReuseRecord(
            ReuseSubject(type: "Module.T", parameters: digest, version: digest),
            inputs: [RecordedFile("data/ä b\t\"c\"\n.csv", digest, signature), RecordedFile("x", digest, nil)],
            products: [],
            outputs: outputs.map(JSONText.init)
        )
    }

    @Test func whatIsRecordedIsReadByTheNextRun() throws {
        let first = ledger()
        #expect(first.memory(of: "a").0 == .none)
        let number = try first.begin("a")
        #expect(first.memory(of: "a").0 == .begun)
        try first.complete("a", record(1, outputs: #"{"rows":"1\n2"}"#), beginning: number)
        _ = try first.begin("tab\tbed")
        for other in [first, ledger(), ledger(isReadOnly: true)] {
            #expect(other.memory(of: "a").0 == .completed(record(1, outputs: #"{"rows":"1\n2"}"#)))
            #expect(other.memory(of: "tab\tbed").0 == .begun)
            #expect(other.memory(of: "b").0 == .none)
        }
        #expect(directory.mode("job.records") == 0o600)
    }

    @Test func aRecordHoldsOnlyForTheLastBeginning() throws {
        let (one, other) = (ledger(), ledger())
        let first = try one.begin("a")
        let second = try other.begin("a")
        try one.complete("a", record(1), beginning: first)
        #expect(one.memory(of: "a").0 == .begun && other.memory(of: "a").0 == .begun)
        try other.complete("a", record(2), beginning: second)
        #expect(one.memory(of: "a").0 == .completed(record(2)))
        _ = try one.begin("a")
        #expect(other.memory(of: "a").0 == .begun)
    }

    @Test func manyThreadsAndRunsLoseNothing() async throws {
        let ledgers = [ledger(), ledger(), ledger()]
        await withTaskGroup { group in
            for number in 0..<90 {
                group.addTask {
                    let own = ledgers[number % 3]
                    guard let beginning = try? own.begin("t\(number)") else { return }
                    try? own.complete("t\(number)", record(number), beginning: beginning)
                }
            }
        }
        for ledger in ledgers + [self.ledger()] {
            for number in 0..<90 { #expect(ledger.memory(of: "t\(number)").0 == .completed(record(number))) }
        }
    }

    @Test(arguments: 0..<300 as Range<UInt64>) func damageNeverBringsAnEarlierRecordBack(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let first = ledger()
        var present: [String: ReuseMemory] = [:]
        for number in 0..<8 {
            let task = "t\(Int.random(in: 0..<3, using: &random))"
            let beginning = try first.begin(task)
            present[task] = .begun
            guard random.chance(70) else { continue }
            try first.complete(task, record(number), beginning: beginning)
            present[task] = .completed(record(number))
        }
        var bytes = try directory.bytes("job.records")
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        default: bytes.removeSubrange(index..<min(bytes.count, index + 40))
        }
        try directory.write(bytes, to: "job.records")
        let damaged = ledger()
        for task in ["t0", "t1", "t2"] {
            let memory = damaged.memory(of: task).0
            if case .completed = memory { #expect(memory == present[task]) }
        }
        // It goes on all the same.
        let beginning = try damaged.begin("t0")
        try damaged.complete("t0", record(99), beginning: beginning)
        #expect(ledger().memory(of: "t0").0 == .completed(record(99)))
    }

    @Test func whatWasCutOffCountsAsNeverWritten() throws {
        let first = ledger()
        let beginning = try first.begin("a")
        try first.complete("a", record(1), beginning: beginning)
        let whole = try directory.bytes("job.records")
        // Of the last line, the line feed says nothing that the checksum does not say.
        for length in 0..<whole.count - 1 {
            try directory.write(Array(whole.prefix(length)), to: "job.records")
            if case .completed = ledger().memory(of: "a").0 { Issue.record("a record of \(length) bytes") }
            let next = ledger()
            let number = try next.begin("b")
            try next.complete("b", record(2), beginning: number)
            #expect(ledger().memory(of: "b").0 == .completed(record(2)))
            if case .completed = ledger().memory(of: "a").0 { Issue.record("a record after \(length) bytes") }
        }
    }

    @Test func anotherFormatOrVersionMeansThatNothingIsKnown() throws {
        var newer: [UInt8] = []
        let first = ledger()
        let beginning = try first.begin("a")
        try first.complete("a", record(1), beginning: beginning)
        newer = try directory.bytes("job.records")
        var header: [UInt8] = []
        ChecksummedLine.append(to: &header) { $0 += "H\tflowmancer-reuse\t2".utf8 }
        newer.replaceSubrange(0...(newer.firstIndex(of: 10) ?? 0), with: header)
        for text in [
            Array("what is this\n".utf8), [], [0, 0, 0, 0], Array("00000000 H\tflowmancer-reuse\t1\n".utf8), newer,
        ] {
            try directory.write(text, to: "job.records")
            let ledger = ledger()
            #expect(ledger.memory(of: "a").0 == .none)
            let beginning = try ledger.begin("a")
            try ledger.complete("a", record(3), beginning: beginning)
            #expect(self.ledger().memory(of: "a").0 == .completed(record(3)))
        }
    }

    @Test func aLongFileIsShortenedWhileOthersUseIt() throws {
        let (one, other) = (ledger(), ledger())
        for number in 0..<1_500 {
            let beginning = try one.begin("a")
            try one.complete("a", record(number), beginning: beginning)
        }
        let size = try directory.bytes("job.records").count
        let last = ledger()
        #expect(try directory.bytes("job.records").count < size / 100)
        for ledger in [one, other, last] { #expect(ledger.memory(of: "a").0 == .completed(record(1_499))) }
        _ = try other.begin("b")
        #expect(one.memory(of: "b").0 == .begun && last.memory(of: "b").0 == .begun)
        #expect(try directory.contents() == ["job.records"])
    }

    @Test func linksAreNotFollowed() throws {
        try directory.write([], to: "target")
        symlink("target", "\(directory.path)/job.records")
        #expect(throws: Errno.self) { _ = try ledger().begin("a") }
        #expect(try directory.bytes("target").isEmpty)
    }

    @Test func theKeyIsMadeOnceAndPrivate() throws {
        #expect(throws: Errno.noSuchFileOrDirectory) { try ReuseKey.read(in: descriptor, isReadOnly: true) }
        let key = try ReuseKey.read(in: descriptor, isReadOnly: false)
        #expect(key.count == 32)
        #expect(try ReuseKey.read(in: descriptor, isReadOnly: true) == key)
        #expect(directory.mode("key") == 0o600)
        try directory.write([1, 2, 3], to: "key")
        #expect(try ReuseKey.read(in: descriptor, isReadOnly: false) != key)
        #expect(try directory.contents() == ["key"])
    }
}
