import Glibc
import NIOCore

/// Hands on what arrives on a descriptor, and tells how much has arrived that was not handed on yet.
///
/// The latter is what keeps order: before a worker's report is acted on, what its pipes hold at that moment is read.
final class DescriptorReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let descriptor: Int32
    private let handle: (UnsafeRawBufferPointer) -> Void
    /// Called after something was handed on, and after the end.
    private let progressed: () -> Void
    private(set) var isOpen = true
    /// How many bytes were handed on.
    private var count = 0

    /// Creates a reader. The channel owns the descriptor; both are used on the event loop only.
    init(
        _ descriptor: Int32,
        handle: @escaping (UnsafeRawBufferPointer) -> Void,
        progressed: @escaping () -> Void = {}
    ) {
        self.descriptor = descriptor
        self.handle = handle
        self.progressed = progressed
    }

    /// The value that ``hasReached(_:)`` has to be asked for so that everything that is there now was handed on.
    var position: Int {
        var unread: Int32 = 0
        guard isOpen, ioctl(descriptor, UInt(FIONREAD), &unread) == 0 else { return count }
        return count + Int(unread)
    }

    /// Whether everything up to a ``position`` was handed on.
    func hasReached(_ position: Int) -> Bool { count >= position || !isOpen }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        count += buffer.readableBytes
        buffer.withUnsafeReadableBytes(handle)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        progressed()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isOpen = false
        progressed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection that was reset ends like one that was closed; the keeper says how the worker ended.
        context.close(promise: nil)
    }
}
