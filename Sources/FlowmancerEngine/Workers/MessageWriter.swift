import FlowmancerWire
import NIOCore

/// Writes messages to a worker, and answers its requests no faster than it reads. Used on the event loop only.
final class MessageWriter {
    /// How long a worker may leave answers unread before ``deaf`` is called.
    private static let patience: TimeAmount = .seconds(10)

    private let eventLoop: any EventLoop
    private var channel: (any Channel)?
    /// Messages that wait for ``flush()``.
    private var unflushed = ByteBuffer()
    /// Messages that were flushed before the channel was there.
    private var backlog = ByteBuffer()
    private var window = ReplyWindow()
    /// How often the worker was seen to read.
    private var progress = 0
    private var isWatching = false

    /// Called when a further request may be taken up.
    private let opened: () -> Void
    /// Called when the worker does not read the answers to its requests.
    private let deaf: () -> Void

    init(on eventLoop: any EventLoop, opened: @escaping () -> Void, deaf: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.opened = opened
        self.deaf = deaf
    }

    func attach(_ channel: any Channel) {
        self.channel = channel
        guard backlog.readableBytes > 0 else { return }
        channel.writeAndFlush(backlog, promise: nil)
        backlog = ByteBuffer()
    }

    /// Queues a message until ``flush()``: until then, nothing of it leaves the engine.
    func write(_ body: WireToWorker.OneOf_Body) throws {
        unflushed.writeBytes(try Frame.encode(WireToWorker.with { $0.body = body }))
    }

    /// Whether a further request may be taken up.
    var mayBeginRequest: Bool { window.isOpen }

    /// Takes a request up.
    func beginRequest() {
        window.begin()
    }

    /// Queues the answer to a request until ``flush()``.
    func answer(_ reply: ReplyWindow.Reply) {
        window.answer(reply)
    }

    /// Sends what was queued.
    func flush() {
        // Whoever is called back from here may queue more, which is not to be sent yet.
        var messages = unflushed
        unflushed = ByteBuffer()
        writeReplies()
        guard messages.readableBytes > 0 else { return }
        if let channel { channel.writeAndFlush(messages, promise: nil) } else { backlog.writeBuffer(&messages) }
    }

    private func writeReplies() {
        guard let channel, channel.isActive else { return }
        var buffer = ByteBuffer()
        while buffer.readableBytes < ReplyWindow.maximumBytes, let reply = window.next() {
            buffer.writeBytes(reply.frame)
        }
        let count = buffer.readableBytes
        guard count > 0 else { return }
        window.noteWriting(count)
        channel.writeAndFlush(buffer).assumeIsolated().whenSuccess { [weak self] in self?.noteWritten(count) }
        if window.unwrittenBytes > 0 { watchProgress() }
    }

    private func noteWritten(_ count: Int) {
        window.noteWritten(count)
        progress += 1
        writeReplies()
        // Not from within the write: it may be part of a turn of the run.
        eventLoop.assumeIsolated().execute { [weak self] in self?.opened() }
    }

    private func watchProgress() {
        guard !isWatching else { return }
        isWatching = true
        let before = progress
        eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [weak self] in
            guard let self else { return }
            isWatching = false
            guard window.unwrittenBytes > 0, channel?.isActive == true else { return }
            if progress == before { deaf() } else { watchProgress() }
        }
    }
}

extension ReplyWindow.Reply {
    /// The answer as a message, or a refusal if it is too large for one.
    fileprivate var frame: [UInt8] {
        do {
            return try Self.encode(message)
        } catch {
            let refusal = Self(requestID: requestID, content: .refused("the value is \(error)"))
            // A refusal is never too large.
            return (try? Self.encode(refusal.message)) ?? []
        }
    }

    private var message: WireSharedReply {
        switch content {
        case .result(let reply):
            return WireSharedReply(reply, to: requestID)
        case .refused(let reason):
            return .with {
                $0.requestID = requestID
                $0.refused = reason
            }
        }
    }

    private static func encode(_ reply: WireSharedReply) throws -> [UInt8] {
        try Frame.encode(WireToWorker.with { $0.body = .sharedReply(reply) })
    }
}
