internal import NIOCore
internal import NIOTLS

/// Accompanies a connection from its encryption until both sides have greeted each other. Then it makes a
/// ``TLSConnection`` and leaves.
///
/// With TLS 1.3, a client does not know whether the server accepts it: its handshake is over before the server sees its
/// certificate. And of several addresses that answer, a pilot uses only one. So the pilot greets first, on the
/// connection that wins, and the engine greets back. Only then is it a connection for either of them.
final class GreetingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Also tells apart versions of what follows.
    private static let greeting: StaticString = "flowmancer pilot 1\n"

    enum Role: Sendable {
        case pilot(Election)
        case engine
    }

    private let role: Role
    private let thread: ConnectionThread
    private let connected: EventLoopPromise<TLSConnection>
    private var context: ChannelHandlerContext?
    private var stage = Stage.connecting
    private var received = ByteBuffer()

    private enum Stage {
        /// There may be several handlers, one for every address of a host name, of which at most one gets a connection.
        /// Whoever connects says why none does.
        case connecting
        case securing
        case secured
        case over
    }

    /// - Parameter connected: Receives the connection, or a ``HandshakeFailure``.
    init(_ role: Role, thread: ConnectionThread, connected: EventLoopPromise<TLSConnection>) {
        self.role = role
        self.thread = thread
        self.connected = connected
    }

    // MARK: Events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { stage = .securing }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        if stage != .connecting { fail(.closed) }
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if stage == .connecting { stage = .securing }
        context.fireChannelActive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event, stage == .securing {
            stage = .secured
            if case .pilot(let election) = role {
                guard election.win() else { return fail(.cancelled) }
                greet(context)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard stage == .secured else { return }
        received.writeImmutableBuffer(unwrapInboundIn(data))
        let expected = ByteBuffer(staticString: Self.greeting)
        let start = received.readableBytesView.prefix(expected.readableBytes)
        guard expected.readableBytesView.starts(with: start) else { return fail(.otherProtocol) }
        guard start.count == expected.readableBytes else { return }
        received.moveReaderIndex(forwardBy: start.count)
        if case .engine = role { greet(context) }
        finish(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard stage != .connecting else { return }
        fail(HandshakeFailure(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        if stage != .connecting { fail(.closed) }
        context.fireChannelInactive()
    }

    private func greet(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(staticString: Self.greeting)), promise: nil)
    }

    // MARK: The end

    private func finish(_ context: ChannelHandlerContext) {
        stage = .over
        do {
            let connection = try TLSConnection(context.channel, early: received, behind: self, thread: thread)
            context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
            connected.succeed(connection)
        } catch {
            connected.fail(HandshakeFailure.closed)
            context.close(promise: nil)
        }
    }

    private func fail(_ failure: HandshakeFailure) {
        guard stage != .over else { return }
        stage = .over
        connected.fail(failure)
        context?.close(promise: nil)
    }
}
