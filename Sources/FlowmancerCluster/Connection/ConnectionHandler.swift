internal import FlowmancerCore
internal import NIOCore

/// The end of a connection's pipeline: hands on what arrives, and writes what the ``SendQueue`` has.
///
/// It is used on its event loop only.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    typealias Receiver = @Sendable (PilotConnectionEvent) -> Void

    /// As many chunks are written before others on the loop have their turn.
    private static let chunksPerTurn = 16

    private let queue: SendQueue
    private var stage: Stage
    private var context: ChannelHandlerContext?
    private var isPaused = false
    /// The bytes of the chunk that the channel has; 0 if it has none.
    private var inFlight = 0
    private var isFlushing = false

    private enum Stage {
        /// Nobody receives yet. What has arrived is kept; reading has stopped, so that is at most what one reading
        /// gave.
        case waiting([[UInt8]])
        case open(Receiver)
        /// It ended before somebody received.
        case endedUnheard([[UInt8]], reason: String)
        case over
    }

    /// - Parameters:
    ///   - queue: What is to be written.
    ///   - early: What has arrived already.
    init(_ queue: SendQueue, early: ByteBuffer) {
        self.queue = queue
        stage = .waiting(early.readableBytes > 0 ? [Array(buffer: early)] : [])
    }

    // MARK: What the connection asks for

    func begin(_ receiver: @escaping Receiver) {
        switch stage {
        case .waiting(let early):
            stage = .open(receiver)
            for bytes in early { receiver(.received(bytes)) }
            updateReading()
        case .endedUnheard(let early, let reason):
            stage = .over
            for bytes in early { receiver(.received(bytes)) }
            receiver(.ended(reason: reason))
        case .open, .over:
            break
        }
    }

    func pause(_ isPaused: Bool) {
        guard self.isPaused != isPaused else { return }
        self.isPaused = isPaused
        updateReading()
    }

    /// Ends the connection.
    ///
    /// The encryption takes leave of the other side, so that it does not take this for an accident. If the other side
    /// does not answer, it is closed all the same.
    func close(_ reason: String) {
        end(reason)
        // The answer has to be read.
        setReading(true)
        context?.close(promise: nil)
    }

    private func updateReading() {
        guard case .open = stage else { return }
        setReading(!isPaused)
    }

    private func setReading(_ isReading: Bool) {
        try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }

    // MARK: Sending

    /// Writes chunks until there is none or the system takes no more of them. What remains is written when it does.
    func flush() {
        guard let context, !isFlushing else { return }
        isFlushing = true
        defer { isFlushing = false }
        var turn = 0
        while inFlight == 0 {
            if turn == Self.chunksPerTurn {
                context.eventLoop.assumeIsolated().execute { self.flush() }
                return
            }
            guard var chunk = queue.next() else { return }
            turn += 1
            inFlight = chunk.readableBytes
            let promise = context.eventLoop.makePromise(of: Void.self)
            promise.futureResult.assumeIsolated().whenComplete { self.chunkLeft($0) }
            context.writeAndFlush(wrapOutboundOut(chunk), promise: promise)
            // It is encrypted by now, so that nobody else has its memory.
            chunk.clear()
            queue.reuse(chunk)
        }
    }

    private func chunkLeft(_ result: Result<Void, any Error>) {
        let count = inFlight
        inFlight = 0
        switch result {
        case .success:
            if queue.left(count), case .open(let receiver) = stage { receiver(.drained) }
            flush()
        case .failure(let error as IOError):
            fail(ConnectionWords.reason(of: error))
        case .failure:
            // The channel says why.
            break
        }
    }

    // MARK: Receiving

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        switch stage {
        case .waiting(let early): stage = .waiting(early + [Array(buffer: buffer)])
        case .open(let receiver): receiver(.received(Array(buffer: buffer)))
        case .endedUnheard, .over: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(ConnectionWords.reason(of: error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        end("the other side closed the connection")
        context.fireChannelInactive()
    }

    // MARK: The end

    private func fail(_ reason: String) {
        end(reason)
        context?.close(promise: nil)
    }

    private func end(_ reason: String) {
        queue.end()
        switch stage {
        case .waiting(let early): stage = .endedUnheard(early, reason: reason)
        case .open(let receiver):
            stage = .over
            receiver(.ended(reason: reason))
        case .endedUnheard, .over: break
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end("the connection was closed")
        self.context = nil
    }
}
