import TestSupport
import FlowmancerCore
import Testing

@testable import FlowmancerEngine

@Suite struct ReplyWindowTests {
    private static let limit = ReplyWindow.maximumRequests

    @Test func asManyRequestsAsAllowedMayBeUnderWay() {
        var window = ReplyWindow()
        for _ in 0..<Self.limit {
            #expect(window.isOpen)
            window.begin()
        }
        #expect(!window.isOpen)
        window.answer(reply(0))
        #expect(!window.isOpen, "an answer that waits counts like a request")
        #expect(window.next() != nil)
        #expect(window.isOpen)
    }

    @Test func largeAnswersCloseTheWindowUntilTheyWereTaken() {
        var window = ReplyWindow()
        for _ in 0..<2 { window.begin() }
        for _ in 0..<2 { window.answer(reply(ReplyWindow.maximumBytes)) }
        #expect(!window.isOpen)
        #expect(window.next() != nil)
        window.noteWriting(ReplyWindow.maximumBytes)
        #expect(window.next() == nil, "the next one is not put into a message yet")
        window.noteWritten(ReplyWindow.maximumBytes)
        #expect(!window.isOpen)
        #expect(window.next() != nil)
        #expect(window.isOpen)
        #expect(window.next() == nil)
    }

    @Test func answersKeepTheirOrder() {
        var window = ReplyWindow()
        for id in 1...5 {
            window.begin()
            window.answer(reply(10, id: UInt64(id)))
        }
        var ids: [UInt64] = []
        while let reply = window.next() { ids.append(reply.requestID) }
        #expect(ids == [1, 2, 3, 4, 5])
    }

    @Test func whatIsKeptIsBoundedHoweverMuchIsAsked() {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed)
            var window = ReplyWindow()
            var (open, kept, unwritten) = (0, 0, 0)
            for _ in 0..<2_000 {
                switch Int.random(in: 0..<4, using: &random) {
                case 0, 1:
                    guard window.isOpen else { continue }
                    window.begin()
                    open += 1
                case 2:
                    guard open > 0 else { continue }
                    open -= 1
                    kept += 1
                    window.answer(reply(Int.random(in: 0...100_000, using: &random)))
                default:
                    if random.chance(50), unwritten > 0 {
                        window.noteWritten(unwritten)
                        unwritten = 0
                    } else if let reply = window.next() {
                        kept -= 1
                        if case .result(.value(let value, _)) = reply.content {
                            window.noteWriting(value.count)
                            unwritten += value.count
                        }
                    }
                }
                #expect(open + kept <= Self.limit, "seed \(seed)")
                #expect(unwritten < ReplyWindow.maximumBytes + 100_000, "seed \(seed)")
            }
        }
    }

    private func reply(_ size: Int, id: UInt64 = 1) -> ReplyWindow.Reply {
        let value = [UInt8](repeating: 0, count: size)
        return .init(requestID: id, content: .result(.value(value, revision: 1)))
    }
}
