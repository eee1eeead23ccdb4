import FlowmancerCore
import Synchronization
import TestSupport
import Testing

@testable import FlowmancerCluster

@Suite(.timeLimit(.minutes(5))) struct TLSConnectionTests {
    private static let sizes = [
        0, 1, 2, 3, 100, 16_383, 16_384, 16_385, 65_535, 65_536, 65_537, 100_000, 262_144, 1_000_000, 5_000_000,
    ]

    @Test func allSizesArriveInBothDirections() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        let all = Self.sizes.enumerated().map { pattern($0.element, seed: UInt8($0.offset)) }
        for bytes in all {
            engine.connection.send(bytes)
            pilot.connection.send(bytes)
        }
        let expected = Array(all.joined())
        #expect(await engine.bytes(expected.count) == expected)
        #expect(await pilot.bytes(expected.count) == expected)
        await rig.listener.close()
    }

    @Test func aMessageWaitsForItsAnswer() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        for size in [1, 200, 20_000, 100_000] {
            let before = (engine.record.bytes.count, pilot.record.bytes.count)
            engine.connection.send(pattern(size))
            let asked = await pilot.bytes(before.1 + size)
            pilot.connection.send(Array(asked.suffix(size)))
            #expect(await engine.bytes(before.0 + size).suffix(size) == pattern(size)[...])
        }
    }

    @Test func aMillionSmallTextsOfSeveralThreadsKeepTheirOrder() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        let (threads, count) = (4, 250_000)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<threads {
                group.addTask {
                    for number in 0..<count {
                        let number = UInt32(number)
                        engine.connection.send([
                            UInt8(thread), UInt8(truncatingIfNeeded: number >> 16),
                            UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
                        ])
                    }
                }
            }
        }
        let bytes = await pilot.bytes(threads * count * 4)
        var next = [Int](repeating: 0, count: threads)
        var isOrdered = bytes.count == threads * count * 4
        bytes.withUnsafeBufferPointer { bytes in
            for start in stride(from: 0, to: bytes.count - 3, by: 4) {
                let thread = Int(bytes[start])
                let number = Int(bytes[start + 1]) << 16 | Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
                guard thread < threads, number == next[thread] else {
                    isOrdered = false
                    return
                }
                next[thread] += 1
            }
        }
        #expect(isOrdered)
        #expect(next == [Int](repeating: count, count: threads))
    }

    @Test func aPauseReachesTheSender() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        pilot.connection.pause(true)
        // The answer comes after the pause has begun.
        pilot.connection.send([1])
        _ = await engine.bytes(1)
        let piece = pattern(1_000_000)
        let count = 96
        for _ in 0..<count { engine.connection.send(piece) }
        // As much goes the other way, so this way had the time. The buffers of the system hold less than half of it.
        for _ in 0..<count { pilot.connection.send(piece) }
        _ = await engine.bytes(1 + count * piece.count)
        #expect(pilot.record.bytes.count < count * piece.count / 2)
        #expect(engine.connection.unsentCount > count * piece.count / 2)
        // The first pieces may have left before the next ones came.
        let drained = engine.record.drained
        pilot.connection.pause(false)
        let bytes = await pilot.bytes(count * piece.count)
        #expect(bytes.count == count * piece.count)
        #expect(bytes.prefix(piece.count) == piece[...] && bytes.suffix(piece.count) == piece[...])
        let record = await engine.wait { $0.drained > drained }
        #expect(record.drained == drained + 1)
        #expect(engine.connection.unsentCount == 0)
    }

    @Test func whatCameBeforeTheBeginningIsKept() async throws {
        let rig = try await ClusterRig()
        let pilot = ConnectionProbe(try await PilotInvitation(path: rig.listener.invitation).connect(), begins: false)
        let engine = try #require(await rig.next())
        let bytes = pattern(300_000)
        engine.connection.send(bytes)
        pilot.connection.send([1])
        _ = await engine.bytes(1)
        pilot.begin()
        #expect(await pilot.bytes(bytes.count) == bytes)
    }

    @Test func anEndBeforeTheBeginningIsTold() async throws {
        let rig = try await ClusterRig()
        let pilot = ConnectionProbe(try await PilotInvitation(path: rig.listener.invitation).connect(), begins: false)
        let engine = try #require(await rig.next())
        pilot.connection.close()
        #expect(await engine.end() == "the other side closed the connection")
        pilot.begin()
        #expect(await pilot.end() == "this side closed the connection")
    }

    @Test func bothSidesHearOfACloseOnce() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        engine.connection.send(pattern(1_000))
        _ = await pilot.bytes(1_000)
        engine.connection.close()
        engine.connection.close()
        engine.connection.send([1])
        #expect(engine.connection.unsentCount == 0)
        #expect(await engine.end() == "this side closed the connection")
        #expect(await pilot.end() == "the other side closed the connection")
        pilot.connection.send([1])
        pilot.connection.pause(true)
        pilot.connection.close()
        // Another connection of the same threads has its turn behind all of that.
        let (other, otherPilot) = try await rig.pair()
        other.connection.send([1])
        otherPilot.connection.send([1])
        _ = await (other.bytes(1), otherPilot.bytes(1))
        #expect(engine.record.reasons.count == 1 && engine.record.late == 0)
        #expect(pilot.record.reasons.count == 1 && pilot.record.late == 0)
        #expect(pilot.connection.unsentCount == 0)
    }

    @Test func aCloseDropsWhatWasNotSent() async throws {
        let rig = try await ClusterRig()
        let (engine, pilot) = try await rig.pair()
        pilot.connection.pause(true)
        pilot.connection.send([1])
        _ = await engine.bytes(1)
        let piece = pattern(1_000_000)
        for _ in 0..<64 { engine.connection.send(piece) }
        engine.connection.close()
        #expect(engine.connection.unsentCount == 0)
        #expect(await engine.end() == "this side closed the connection")
        pilot.connection.pause(false)
        _ = await pilot.end()
        #expect(pilot.record.bytes.count < 64_000_000)
    }

    @Test func whatAWiretapHearsDoesNotShowWhatIsSaid() async throws {
        let rig = try await ClusterRig()
        let wiretap = try await Wiretap(to: rig.listener.port)
        let (engine, pilot) = try await rig.pair(port: wiretap.port)
        let secret = Array("a secret that nobody else may read".utf8)
        for _ in 0..<100 {
            engine.connection.send(secret)
            pilot.connection.send(secret)
        }
        let count = 100 * secret.count
        #expect(await engine.bytes(count).count == count)
        #expect(await pilot.bytes(count).count == count)
        let heard = wiretap.bytes
        #expect(heard.count > 2 * count)
        #expect(heard.firstRange(of: secret.prefix(8)) == nil)
        // TLS 1.3 hides even who they are.
        #expect(heard.firstRange(of: Array("Flowmancer".utf8)) == nil)
        #expect(heard.firstRange(of: Array("flowmancer".utf8)) == nil)
        try await wiretap.close()
    }

    @Test func aCutIsNoFarewell() async throws {
        let rig = try await ClusterRig()
        let wiretap = try await Wiretap(to: rig.listener.port)
        let (engine, pilot) = try await rig.pair(port: wiretap.port)
        engine.connection.send([1, 2, 3])
        _ = await pilot.bytes(3)
        wiretap.cut()
        let expected =
            "the other side ended without closing the connection: its process or its machine may have died"
        #expect(await engine.end() == expected)
        #expect(await pilot.end() == expected)
        #expect(pilot.record.bytes == [1, 2, 3])
        try await wiretap.close()
    }

    @Test func aResetIsTold() async throws {
        let rig = try await ClusterRig()
        let wiretap = try await Wiretap(to: rig.listener.port)
        let (engine, pilot) = try await rig.pair(port: wiretap.port)
        try await wiretap.reset()
        #expect(await engine.end() == "the other side reset the connection: its process may have died")
        #expect(await pilot.end() == "the other side reset the connection: its process may have died")
        try await wiretap.close()
    }

    @Test func aChangedBitEndsTheConnection() async throws {
        let rig = try await ClusterRig()
        let wiretap = try await Wiretap(to: rig.listener.port)
        let (engine, pilot) = try await rig.pair(port: wiretap.port)
        engine.connection.send([1])
        _ = await pilot.bytes(1)
        wiretap.damage()
        engine.connection.send(pattern(1_000))
        #expect(await pilot.end() == "what arrived was damaged on the way")
        #expect(pilot.record.bytes == [1])
        _ = await engine.end()
        try await wiretap.close()
    }

    @Test func aConnectionOutlivesItsListener() async throws {
        var rig: ClusterRig? = try await ClusterRig()
        guard let (engine, pilot) = try await rig?.pair() else { return }
        await rig?.listener.close()
        rig = nil
        engine.connection.send([1])
        #expect(await pilot.bytes(1) == [1])
        pilot.connection.close()
        _ = await engine.end()
        engine.connection.pause(true)
        engine.connection.close()
    }
}
