import DequeModule
import FlowmancerWire

/// Writes messages to a worker, and answers its requests no faster than it reads. Used on the event loop only.
final class MessageWriter {
    /// How long a worker may leave answers unread before ``deaf`` is called.
    private static let patience = Duration.seconds(10)

    private let loop: EventLoop
    private let channel: DescriptorChannel
    /// Messages that wait for ``flush()``.
    private var unflushed: [UInt8] = []
    /// What there was no room for, from `unsentStart` on.
    private var unsent: [UInt8] = []
    private var unsentStart = 0
    /// How many bytes were sent in all.
    private var sentCount = 0
    private var window = ReplyWindow()
    /// Answers among what is unsent: where they end, and how many bytes they have.
    private var unsentReplies = Deque<(end: Int, count: Int)>()
    /// How often the worker was seen to read.
    private var progress = 0
    private var isWatching = false

    /// Called when a further request may be taken up.
    private let opened: () -> Void
    /// Called when the worker does not read the answers to its requests.
    private let deaf: () -> Void

    init(_ channel: DescriptorChannel, on loop: EventLoop, opened: @escaping () -> Void, deaf: @escaping () -> Void) {
        self.channel = channel
        self.loop = loop
        self.opened = opened
        self.deaf = deaf
    }

    /// Queues a message until ``flush()``: until then, nothing of it leaves the engine.
    func write(_ body: WireToWorker.OneOf_Body) throws {
        unflushed += try Frame.encode(WireToWorker.with { $0.body = body })
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
        let messages = unflushed
        unflushed.removeAll(keepingCapacity: unflushed.capacity <= 1 << 16)
        sendReplies()
        if !messages.isEmpty { send(messages) }
    }

    /// Goes on with what there was no room for.
    func proceed() {
        let count = unsent.withUnsafeBytes { channel.send(UnsafeRawBufferPointer(rebasing: $0[unsentStart...])) }
        sentCount += count
        unsentStart += count
        if unsentStart == unsent.count {
            unsent = []
            unsentStart = 0
        }
        var isProgress = false
        while let reply = unsentReplies.first, reply.end <= sentCount {
            unsentReplies.removeFirst()
            window.noteWritten(reply.count)
            isProgress = true
        }
        guard isProgress else { return }
        progress += 1
        sendReplies()
        opened()
    }

    private func send(_ bytes: [UInt8]) {
        guard unsent.isEmpty else { return unsent += bytes }
        let count = bytes.withUnsafeBytes(channel.send)
        sentCount += count
        if count < bytes.count { unsent = Array(bytes[count...]) }
    }

    private func sendReplies() {
        guard channel.isOpen else { return }
        var isProgress = false
        while let bytes = nextReplies() {
            window.noteWriting(bytes.count)
            send(bytes)
            guard unsent.isEmpty else {
                unsentReplies.append((end: sentCount + unsent.count - unsentStart, count: bytes.count))
                watchProgress()
                break
            }
            window.noteWritten(bytes.count)
            isProgress = true
        }
        // Not from within a turn of the run.
        if isProgress { loop.later { [self] in if channel.isOpen { opened() } } }
    }

    private func nextReplies() -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < ReplyWindow.maximumBytes, let reply = window.next() { bytes += reply.frame }
        return bytes.isEmpty ? nil : bytes
    }

    private func watchProgress() {
        guard !isWatching else { return }
        isWatching = true
        let before = progress
        loop.schedule(after: Self.patience) { [self] in
            isWatching = false
            guard window.unwrittenBytes > 0, channel.isOpen else { return }
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
