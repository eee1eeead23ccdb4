import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct DescriptorChannelTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop()
    }

    private func turn() {
        loop.later {}
        loop.turn()
    }

    @Test func whatArrivesIsHandedOnAndThenTheEnd() throws {
        let pipe = try Pipe()
        var events: [String] = []
        var channel: DescriptorChannel!
        channel = DescriptorChannel(
            pipe.input,
            on: loop,
            received: { events.append(String(decoding: $0, as: UTF8.self)) },
            progressed: { events.append(channel.isOpen ? "progress" : "end") }
        )
        pipe.write("one")
        turn()
        pipe.write("two")
        pipe.closeOutput()
        turn()
        turn()
        turn()
        #expect(events == ["one", "progress", "two", "progress", "end"])
    }

    @Test func whatArrivesInAPauseWaits() throws {
        let pipe = try Pipe()
        var received = ""
        let channel = DescriptorChannel(
            pipe.input,
            on: loop,
            isPaused: true,
            received: { received += String(decoding: $0, as: UTF8.self) }
        )
        pipe.write("x")
        pipe.closeOutput()
        turn()
        #expect(received == "" && channel.isOpen && channel.hasUnread)
        channel.isPaused = false
        turn()
        turn()
        #expect(received == "x" && !channel.isOpen)
    }

    @Test func whatIsThereCanBeHadAtOnce() throws {
        let pipe = try Pipe()
        var received = 0
        var progress = 0
        let channel = DescriptorChannel(
            pipe.input,
            on: loop,
            received: { received += $0.count },
            progressed: { progress += 1 }
        )
        let text = String(repeating: "x", count: 50_000)
        pipe.write(text)
        pipe.write("y")
        channel.catchUp()
        #expect(received == 50_001 && progress == 0 && channel.isOpen && !channel.hasUnread)
        channel.catchUp()
        #expect(received == 50_001)
    }

    @Test func whatFindsNoRoomIsSentWhenThereIsSome() throws {
        var pair: [Int32] = [0, 0]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
        let bytes = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        var sent = 0
        var channel: DescriptorChannel!
        let send = { sent += bytes[sent...].withUnsafeBytes { channel.send($0) } }
        channel = DescriptorChannel(pair[0], on: loop, received: { _ in }, hasRoom: { send() })
        send()
        #expect(sent > 0 && sent < bytes.count)
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while received.count < bytes.count {
            turn()
            let count = recv(pair[1], &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 { received += buffer[..<count] }
        }
        #expect(sent == bytes.count && received == bytes)

        // To nobody everything can be sent.
        close(pair[1])
        sent = 0
        send()
        #expect(sent == bytes.count)
        turn()
        #expect(!channel.isOpen)
    }
}
