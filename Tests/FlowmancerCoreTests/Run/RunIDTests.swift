import FlowmancerCore
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite struct RunIDTests {
    @Test func itIsAUUIDOfVersionSeven() throws {
        let before = Date()
        let id = RunID()
        let uuid = try #require(UUID(uuidString: "\(id)"))
        #expect("\(id)" == uuid.uuidString.lowercased())
        #expect(uuid.uuid.6 >> 4 == 7)
        #expect(uuid.uuid.8 >> 6 == 2)
        // Others may have been made in the same millisecond, each of which may have taken the next one.
        #expect(abs(id.date.timeIntervalSince(before)) < 3_600)
    }

    @Test func theTextIsRead() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<1_000 {
            let time = UInt64.random(in: 0..<1 << 48, using: &random)
            let id = RunID(milliseconds: time, random: (random.next(), random.next()), after: .unknown)
            #expect(RunID("\(id)") == id)
            #expect(RunID("\(id)".uppercased()) == id)
            #expect(id.date == Date(timeIntervalSince1970: Double(time) / 1_000))
        }
        #expect(RunID("00000000-0000-0000-0000-000000000000") == .unknown)
    }

    @Test(arguments: [
        "", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c3", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c377",
        "019b0f6e5c2a-7d31-a4c0-5b1e8f2d9c37-", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c3g",
        "019b0f6e-5c2a-4d31-a4c0-5b1e8f2d9c37", "019b0f6e-5c2a-7d31-24c0-5b1e8f2d9c37",
        "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9cé", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c３",
    ])
    func otherTextIsNone(_ text: String) {
        #expect(RunID(text) == nil)
    }

    /// The texts sort as the ids do, whatever the clock does.
    @Test func laterIdsAreGreater() {
        var random = SeededGenerator(seed: 2)
        var last = RunID.unknown
        var clock: UInt64 = 1_700_000_000_000
        for _ in 0..<10_000 {
            if random.chance(30) { clock += UInt64.random(in: 0...2, using: &random) }
            if random.chance(5) { clock -= UInt64.random(in: 0...1_000, using: &random) }
            // Nearly all ones: the next one has to carry.
            let isFull = random.chance(20)
            let bits: (UInt64, UInt64) =
                isFull ? (.max, .max - .random(in: 0...3, using: &random)) : (random.next(), random.next())
            let id = RunID(milliseconds: clock, random: bits, after: last)
            #expect(id > last)
            #expect("\(id)" > "\(last)")
            #expect(RunID("\(id)") == id, "\(id) is no version 7")
            last = id
        }
    }

    @Test func threadsGetDifferentOnes() {
        let ids = Mutex<[RunID]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let own = (0..<200).map { _ in RunID() }
            #expect(own == own.sorted())
            ids.withLock { $0 += own }
        }
        #expect(Set(ids.withLock { $0 }).count == 1_600)
    }

    @Test func itIsStoredAsText() throws {
        let id = RunID()
        let stored = try JSONEncoder().encode([id])
        #expect(String(decoding: stored, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([RunID].self, from: stored) == [id])
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([RunID].self, from: Data("[\"x\"]".utf8)) }
    }
}
