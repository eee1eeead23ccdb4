import NIOCore
import NIOSSL
import NIOTLS

/// Performs an ``SMTPConversation`` on a connection.
final class SMTPHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let host: String
    private let tls: NIOSSLContext?
    private let outcome: EventLoopPromise<[SMTPConversation.Refusal]>
    private var conversation: SMTPConversation
    private var reader = SMTPReplyReader()
    private var stage = Stage.connecting

    private enum Stage {
        /// There may be several handlers, one for every address of the host, of which at most one gets a connection.
        /// Whoever connects says why none does.
        case connecting
        case connected
        case over
    }

    /// - Parameters:
    ///   - host: The name that the server's certificate has to have.
    ///   - tls: What is needed to encrypt the connection later on.
    ///   - outcome: Receives the recipients that were refused, or an ``SMTPFailure``.
    init(
        _ conversation: SMTPConversation,
        host: String,
        tls: NIOSSLContext?,
        outcome: EventLoopPromise<[SMTPConversation.Refusal]>
    ) {
        self.conversation = conversation
        self.host = host
        self.tls = tls
        self.outcome = outcome
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { stage = .connected }
    }

    func channelActive(context: ChannelHandlerContext) {
        if stage == .connecting { stage = .connected }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        reader.append(unwrapInboundIn(data).readableBytesView)
        do throws(SMTPReplyReader.Malformed) {
            while stage != .over, let reply = try reader.next() { perform(conversation.receive(reply), context) }
        } catch {
            end(.failure(.protocolViolation(error.text)), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event { perform(conversation.tlsBegan(), context) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let failure = SMTPClient.failure(of: error)
        if stage == .connected, case .noConnection(let reason) = failure {
            end(.failure(.lostConnection(reason)), context)
        } else {
            end(.failure(failure), context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if stage == .connected { end(.failure(.lostConnection("the server closed it")), context) }
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Nobody else completes the promise of a connection that there was.
        if stage == .connected { end(.failure(.lostConnection("it was closed")), context) }
    }

    private func perform(_ actions: [SMTPConversation.Action], _ context: ChannelHandlerContext) {
        for action in actions {
            switch action {
            case .send(let text):
                context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(string: text)), promise: nil)
            case .beginTLS:
                beginTLS(context)
            case .succeed(let refused):
                end(.success(refused), context)
            case .fail(let failure):
                end(.failure(failure), context)
            }
        }
    }

    private func beginTLS(_ context: ChannelHandlerContext) {
        guard reader.isEmpty, let tls else {
            // What came along with the permission to encrypt could be from somebody else.
            end(.failure(.protocolViolation("it sent data before the connection was encrypted")), context)
            return
        }
        do {
            let handler = try SMTPClient.tlsHandler(tls, host: host)
            try context.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch {
            end(.failure(SMTPClient.failure(of: error)), context)
        }
    }

    private func end(
        _ result: Result<[SMTPConversation.Refusal], SMTPFailure>,
        _ context: ChannelHandlerContext
    ) {
        guard stage != .over else { return }
        stage = .over
        outcome.completeWith(result.mapError { $0 })
        context.close(promise: nil)
    }
}
