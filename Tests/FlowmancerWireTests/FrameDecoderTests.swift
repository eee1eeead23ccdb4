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
            #expect(decoder.isAtBoundary, "seed \(seed)")
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
        #expect(decoder.isAtBoundary)
    }

    @Test func aStreamThatEndsWithinAMessageIsNotAtABoundary() throws {
        var decoder = FrameDecoder<WireKeyList>()
        decoder.append([9, 0])
        #expect(try decoder.next() == nil)
        #expect(!decoder.isAtBoundary)
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

    @Test(arguments: 0..<10)
    func validStreamsThatWereTamperedWithAreNeverMoreThanAnError(block: Int) throws {
        for seed in UInt64(block * 300)..<UInt64(block * 300 + 300) {
            var random = SeededGenerator(seed: seed)
            let messages = (0..<Int.random(in: 1...12, using: &random)).map { _ in random.message() }
            var stream = try messages.flatMap { try Frame.encode($0) }
            let untouched = random.tamper(with: &stream)
            var decoder = FrameDecoder<WireFromWorker>()
            var decoded: [WireFromWorker] = []
            var rest = stream[...]
            do {
                while !rest.isEmpty {
                    let piece = rest.prefix(Int.random(in: 1...100, using: &random))
                    decoder.append(piece)
                    rest = rest.dropFirst(piece.count)
                    #expect(decoder.bufferedCount <= stream.count, "seed \(seed)")
                    while let message = try decoder.next() { decoded.append(message) }
                }
            } catch is FrameError {
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
            // What came before the damage is not lost by it.
            let sound = wholeMessages(messages, within: untouched)
            #expect(Array(decoded.prefix(sound.count)) == sound, "seed \(seed)")
        }
    }

    /// The messages whose frames lie within the first bytes of their stream.
    private func wholeMessages(_ messages: [WireFromWorker], within count: Int) -> [WireFromWorker] {
        var length = 0
        return messages.prefix { message in
            length += (try? Frame.encode(message).count) ?? 0
            return length <= count
        }
    }

    @Test func memoryIsThatOfWhatHasArrived() throws {
        var decoder = FrameDecoder<WireFromWorker>()
        // The largest length that is allowed is announced, but little follows.
        decoder.append([0, 0, 0, 4])
        for _ in 0..<100 {
            decoder.append([UInt8](repeating: 0, count: 1_000))
            #expect(try decoder.next() == nil)
        }
        #expect(decoder.bufferedCount == 100_004)

        // What was taken is given back, however long the stream.
        var long = FrameDecoder<WireKeyList>()
        let frame = try Frame.encode(list([String(repeating: "x", count: 700)]))
        for _ in 0..<2_000 {
            for _ in 0..<10 { long.append(frame) }
            for _ in 0..<10 { #expect(try long.next() != nil) }
            #expect(long.bufferedCount == 0)
        }
    }

    private func list(_ keys: [String]) -> WireKeyList {
        var list = WireKeyList()
        list.keys = keys
        return list
    }
}

extension SeededGenerator {
    /// Returns a message as workers send it.
    fileprivate mutating func message() -> WireFromWorker {
        let text = String(repeating: "é", count: Int.random(in: 0...60, using: &self))
        let id = next()
        return .with { message in
            switch id % 5 {
            case 0: message.hello = .with { $0.protocolVersion = UInt32(truncatingIfNeeded: id) }
            case 1:
                message.ended = .with {
                    $0.id = id
                    $0.outcome = .failed
                }
            case 2:
                message.log = .with {
                    $0.attemptID = id
                    $0.message = text
                    $0.metadata = ["key": text]
                }
            case 3:
                message.sharedRequest = .with {
                    $0.id = id
                    $0.set = .with { $0.key = text }
                }
            default: message.sharedRequest = .with { $0.get = text }
            }
        }
    }

    /// Damages a stream in one of the ways in which streams are damaged.
    ///
    /// - Returns: How many bytes at its beginning are as they were.
    fileprivate mutating func tamper(with stream: inout [UInt8]) -> Int {
        let place = Int.random(in: stream.indices, using: &self)
        switch Int.random(in: 0..<5, using: &self) {
        case 0: stream[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1: stream.removeSubrange(place...)
        case 2: stream.remove(at: place)
        case 3: stream.insert(UInt8(truncatingIfNeeded: next()), at: place)
        default:
            // Two streams, one behind the other, the first of which was cut off.
            let whole = stream
            stream.removeSubrange(place...)
            stream += whole
        }
        return place
    }
}

extension FrameDecoder {
    fileprivate mutating func append(_ bytes: some Sequence<UInt8>) {
        Array(bytes).withUnsafeBytes { append($0) }
    }
}
