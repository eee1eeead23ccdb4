import FlowmancerRandom
import Testing

@testable import FlowmancerEngine

@Suite struct FrameWindowTests {
    @Test func whatIsAcknowledgedIsNotKept() throws {
        var window = FrameWindow()
        for byte in UInt8(1)...4 { window.keep([byte]) }
        #expect(window.nextNumber == 5)
        window.acknowledge(2)
        #expect(Array(window.unacknowledged) == [[3], [4]])
        #expect(window.keptBytes == 2)
        // What was acknowledged before stays so.
        window.acknowledge(1)
        #expect(Array(window.unacknowledged) == [[3], [4]])
        window.acknowledge(4)
        #expect(Array(window.unacknowledged).isEmpty)
        #expect(window.nextNumber == 5)
    }

    @Test func aFrameCountsOnceAndNoneIsMissed() throws {
        var window = FrameWindow()
        #expect(try window.receive(1))
        #expect(try !window.receive(1))
        #expect(throws: FrameWindow.Gap(number: 3, expected: 2)) { try window.receive(3) }
        #expect(try window.receive(2))
        #expect(window.received == 2)
    }

    /// Two ends with connections that break at any point: everything arrives once and in its order.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func nothingIsLostOrDoubledHoweverConnectionsBreak(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (sender, receiver) = (FrameWindow(), FrameWindow())
        var (sent, arrived): ([UInt8], [UInt8]) = ([], [])
        // What is on the connection: the number of a frame, and the frame.
        var wire: [(UInt64, [UInt8])] = []
        for _ in 0..<400 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let byte = UInt8.random(in: .min ... .max, using: &random)
                wire.append((sender.nextNumber, [byte]))
                sender.keep([byte])
                sent.append(byte)
            case 4..<8:
                guard !wire.isEmpty else { continue }
                let (number, frame) = wire.removeFirst()
                if try receiver.receive(number) { arrived += frame }
                if Bool.random(using: &random) { sender.acknowledge(receiver.received) }
            default:
                // A new connection: what is on the way is gone, or arrives twice.
                sender.acknowledge(Bool.random(using: &random) ? receiver.received : 0)
                let first = sender.nextNumber - UInt64(Array(sender.unacknowledged).count)
                wire = Array(sender.unacknowledged).enumerated().map { (first + UInt64($0), $1) }
            }
        }
        for (number, frame) in wire where try receiver.receive(number) { arrived += frame }
        #expect(arrived == sent)
    }
}
