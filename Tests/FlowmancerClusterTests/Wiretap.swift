import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A relay of TCP between a pilot and its engine that keeps what passes, and can disturb it.
final class Wiretap: Sendable {
    fileprivate struct State {
        var bytes: [UInt8] = []
        var channels: [any Channel] = []
        var isDamaging = false
    }

    private let state: SharedState
    private let server: any Channel

    fileprivate final class SharedState: Sendable {
        let value = Mutex(State())
    }

    /// Listens on this machine.
    ///
    /// - Parameter port: Where it connects to.
    init(to port: Int) async throws {
        let state = SharedState()
        self.state = state
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                state.value.withLock { $0.channels.append(channel) }
                return ClientBootstrap(group: channel.eventLoop)
                    .channelOption(.autoRead, value: false)
                    .channelInitializer { state.add($0) }
                    .connect(host: "127.0.0.1", port: port)
                    .flatMapThrowing { other in
                        try channel.pipeline.syncOperations.addHandler(Relay(to: other, state))
                        try other.pipeline.syncOperations.addHandler(Relay(to: channel, state))
                        other.setOption(.autoRead, value: true).whenFailure { _ in }
                        channel.setOption(.autoRead, value: true).whenFailure { _ in }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    var port: Int { server.localAddress?.port ?? 0 }

    /// All that has passed, of both directions.
    var bytes: [UInt8] { state.value.withLock { $0.bytes } }

    /// Changes a bit of what passes next.
    func damage() { state.value.withLock { $0.isDamaging = true } }

    /// Ends both connections as if a process had died.
    func cut() {
        for channel in state.value.withLock({ $0.channels }) { channel.close(promise: nil) }
    }

    /// Resets both connections.
    func reset() async throws {
        let channels = state.value.withLock { $0.channels }
        for channel in channels {
            // Closing then drops what is under way and tells the other side so.
            try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        for channel in channels { channel.close(promise: nil) }
    }

    func close() async throws { try await server.close() }

    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let state: SharedState

        init(to other: any Channel, _ state: SharedState) {
            (self.other, self.state) = (other, state)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let isDamaging = state.value.withLock { state in
                state.bytes += buffer.readableBytesView
                defer { state.isDamaging = false }
                return state.isDamaging
            }
            if isDamaging {
                let place = buffer.writerIndex - 1
                buffer.setInteger(buffer.getInteger(at: place, as: UInt8.self)! ^ 1, at: place)
            }
            other.writeAndFlush(buffer, promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { other.close(promise: nil) }
    }
}

extension Wiretap.SharedState {
    fileprivate func add(_ channel: any Channel) -> EventLoopFuture<Void> {
        value.withLock { $0.channels.append(channel) }
        return channel.eventLoop.makeSucceededVoidFuture()
    }
}
