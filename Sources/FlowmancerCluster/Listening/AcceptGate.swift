internal import NIOCore

/// Has the system keep those that want to connect while too many handshakes are under way.
///
/// Nobody is refused in this way when many pilots start at the same time, and strangers can take no more than their
/// places.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private let reception: Reception
    private var isHolding = false

    init(_ reception: Reception) {
        self.reception = reception
    }

    func handlerAdded(context: ChannelHandlerContext) {
        reception.onRoom = { [weak self] in self?.resume(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        reception.onRoom = nil
    }

    func read(context: ChannelHandlerContext) {
        if reception.hasRoom {
            context.read()
        } else {
            isHolding = true
        }
    }

    private func resume(_ context: ChannelHandlerContext) {
        guard isHolding else { return }
        isHolding = false
        context.read()
    }
}
