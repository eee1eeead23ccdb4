internal import FlowmancerCore
internal import NIOCore

/// An encrypted connection whose sides have proved who they are.
final class TLSConnection: PilotConnection {
    private let queue: SendQueue
    private let handler: NIOLoopBound<ConnectionHandler>
    /// The thread lives as long as somebody could ask it for something.
    private let thread: ConnectionThread

    /// Creates a connection of a channel. Called on the channel's event loop, which stops reading.
    ///
    /// - Parameters:
    ///   - early: What has arrived already behind the greeting.
    ///   - handler: The handler behind which the one of the connection is added.
    init(
        _ channel: any Channel,
        early: ByteBuffer,
        behind handler: some ChannelHandler,
        thread: ConnectionThread
    ) throws {
        let queue = SendQueue()
        let own = ConnectionHandler(queue, early: early)
        try channel.syncOptions?.setOption(.autoRead, value: false)
        try channel.pipeline.syncOperations.addHandler(own, position: .after(handler))
        self.queue = queue
        self.handler = NIOLoopBound(own, eventLoop: channel.eventLoop)
        self.thread = thread
    }

    func begin(_ receive: @escaping @Sendable (PilotConnectionEvent) -> Void) {
        onLoop { $0.begin(receive) }
    }

    func send(_ bytes: [UInt8]) {
        // One pass of the loop writes everything that is given until it begins.
        if queue.append(bytes) { onLoop { $0.flush() } }
    }

    var unsentCount: Int { queue.unsentCount }

    func pause(_ isPaused: Bool) {
        onLoop { $0.pause(isPaused) }
    }

    func close() {
        queue.end()
        onLoop { $0.close("this side closed the connection") }
    }

    private func onLoop(_ body: @escaping @Sendable (ConnectionHandler) -> Void) {
        let (handler, thread) = (handler, thread)
        handler.eventLoop.execute { withExtendedLifetime(thread) { body(handler.value) } }
    }
}
