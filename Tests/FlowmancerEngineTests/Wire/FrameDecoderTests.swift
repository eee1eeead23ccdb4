import FlowmancerWire
import TestSupport
import Testing

@Suite struct FrameDecoderTests {
    @Test func messagesDoNotDependOnThePiecesInWhichTheyArrive() throws {
        for seed in UInt64(0)..<200 {
            var random = SeededGenerator(seed: seed)
            let messages = (0..<Int.random(in: 0...20, using: &random)).map { _ in
                list((0..<Int.random(in: 0...5, using: &random)).map { "key \($0) \(random.next())" })
            }
            let stream = try messages.flatMap { try Frame.encode($0) }
            var decoder = FrameDecoder<WireKeyList>()
            var decoded: [WireKeyList] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...50, using: &random))
                decoder.append(piece)
                rest = rest.dropFirst(piece.count)
                while let message = try decoder.next() { decoded.append(message) }
            }
            #expect(decoded == messages, "seed \(seed)")
        }
    }

    @Test func longStreamsAreDecoded() throws {
        let message = list([String(repeating: "x", count: 50_000)])
        var decoder = FrameDecoder<WireKeyList>()
        for _ in 0..<50 {
            decoder.append(try Frame.encode(message))
            #expect(try decoder.next() == message)
            #expect(try decoder.next() == nil)
        }
    }

    @Test func anEmptyMessageIsAMessage() throws {
        var decoder = FrameDecoder<WireKeyList>()
        decoder.append([0, 0, 0, 0])
        #expect(try decoder.next() == WireKeyList())
        #expect(try decoder.next() == nil)
    }

    @Test func aStreamThatEndsWithinAMessageHasNoMessage() throws {
        var decoder = FrameDecoder<WireKeyList>()
        decoder.append([9, 0])
        #expect(try decoder.next() == nil)
    }

    @Test(arguments: [[1, 0, 0, 4], [255, 255, 255, 255]] as [[UInt8]])
    func aMessageThatIsTooLargeIsAnErrorBeforeItArrives(header: [UInt8]) {
        var decoder = FrameDecoder<WireKeyList>()
        decoder.append(header)
        let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(throws: FrameError.tooLarge(length)) { try decoder.next() }
    }

    @Test func bytesThatAreNoMessageAreAnError() {
        var decoder = FrameDecoder<WireKeyList>()
        decoder.append([2, 0, 0, 0, 0xff, 0xff])
        #expect(throws: FrameError.malformed) { try decoder.next() }
    }

    @Test func garbageIsNeverMoreThanAnError() {
        for seed in UInt64(0)..<2_000 {
            var random = SeededGenerator(seed: seed)
            var decoder = FrameDecoder<WireFromWorker>()
            for _ in 0..<Int.random(in: 1...20, using: &random) {
                let body = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
                if random.chance(80) { decoder.append([UInt8(body.count), 0, 0, 0]) }
                decoder.append(body)
                do {
                    while try decoder.next() != nil {}
                } catch is FrameError {
                    break
                } catch {
                    Issue.record("seed \(seed): \(error)")
                }
            }
        }
    }

    private func list(_ keys: [String]) -> WireKeyList {
        var list = WireKeyList()
        list.keys = keys
        return list
    }
}
