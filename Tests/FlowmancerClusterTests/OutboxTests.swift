import NIOCore
import Testing

@testable import FlowmancerCluster

@Suite struct OutboxTests {
    private func next(_ outbox: inout Outbox) -> [UInt8]? { outbox.next().map { Array(buffer: $0) } }

    @Test func onlyTheFirstAppendAsksForAPass() {
        var outbox = Outbox()
        let asks = [outbox.append([1]), outbox.append([2])]
        #expect(asks == [true, false])
        #expect(next(&outbox) == [1, 2])
        let asksDuringThePass = outbox.append([3])
        #expect(!asksDuringThePass)
        #expect(next(&outbox) == [3])
        #expect(next(&outbox) == nil)
        let asksAfterIt = outbox.append([4])
        #expect(asksAfterIt)
    }

    @Test func emptyTextsNeedNoPass() {
        var outbox = Outbox()
        let asks = outbox.append([])
        #expect(!asks)
        #expect(outbox.unsentCount == 0)
    }

    @Test(arguments: [1, 65_535, 65_536, 65_537, 131_072, 1_000_000])
    func chunksAreLimitedAndKeepTheOrder(size: Int) {
        var outbox = Outbox()
        let bytes = pattern(size)
        _ = outbox.append([7])
        _ = outbox.append(bytes)
        var result: [UInt8] = []
        while let chunk = outbox.next() {
            #expect(chunk.readableBytes <= Outbox.chunkSize)
            result += Array(buffer: chunk)
        }
        #expect(result == [7] + bytes)
        #expect(outbox.unsentCount == size + 1)
    }

    @Test func whatIsWithTheSystemCountsAsUnsent() {
        var outbox = Outbox()
        _ = outbox.append([1, 2, 3])
        _ = outbox.next()
        #expect(outbox.unsentCount == 3)
        let isDrained = outbox.left(3)
        #expect(!isDrained)
        #expect(outbox.unsentCount == 0)
    }

    @Test func beingDrainedIsToldOnceAfterMuch() {
        var outbox = Outbox()
        _ = outbox.append(pattern(Outbox.largeCount + 1))
        let first = outbox.left(Outbox.largeCount)
        let second = outbox.left(1)
        #expect((first, second) == (false, true))
        _ = outbox.append(pattern(Outbox.largeCount))
        let third = outbox.left(Outbox.largeCount)
        #expect(!third)
    }

    @Test func nothingIsTakenAfterTheEnd() {
        var outbox = Outbox()
        _ = outbox.append([1])
        outbox.end()
        #expect(outbox.unsentCount == 0)
        #expect(next(&outbox) == nil)
        let asks = outbox.append([2])
        #expect(!asks)
        let isDrained = outbox.left(1)
        #expect(!isDrained)
        #expect(outbox.unsentCount == 0)
    }

    @Test func theMemoryOfAChunkIsUsedAgain() {
        var outbox = Outbox()
        _ = outbox.append([1])
        var chunk = outbox.next() ?? ByteBuffer()
        chunk.clear()
        chunk.reserveCapacity(10_000)
        outbox.reuse(chunk)
        // The chunk is the next but one: another is begun already.
        _ = outbox.append([2])
        #expect(next(&outbox) == [2])
        _ = outbox.append([3])
        let reused = outbox.next()
        #expect(reused.map { Array(buffer: $0) } == [3])
        #expect(reused.map { $0.capacity >= 10_000 } == true)
    }
}
