import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that are too slow: they would keep memory and places.
final class ConnectionDeadlines: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    /// From the head of a request to its end.
    private static let requestTime = TimeAmount.seconds(20)
    /// As long as a client takes nothing of an answer.
    private static let stallTime = TimeAmount.seconds(30)

    private var request: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: request = close(context, in: Self.requestTime)
        case .body: break
        case .end:
            request?.cancel()
            request = nil
        }
        context.fireChannelRead(data)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall?.cancel()
            stall = nil
        } else if stall == nil {
            stall = close(context, in: Self.stallTime)
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func cancel() {
        request?.cancel()
        stall?.cancel()
        (request, stall) = (nil, nil)
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        let channel = context.channel
        return context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
