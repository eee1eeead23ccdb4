import FlowmancerCore
import FlowmancerWire

/// One end of the link between the engine and a pilot: frames arrive once and in their order, over one connection after the
/// other. Used on the event loop only.
///
/// What is given to ``send(_:)`` leaves with the next ``flush()``, in one frame.
final class FrameLink<Outgoing: NumberedFrame, Incoming: NumberedFrame> {
    /// What happens on a link.
    enum Event {
        /// A frame arrived that is new, or one that has no number.
        case frame(Incoming)
        /// Much was on its way, and has left.
        case drained
        /// A message is too large to be sent, and was dropped.
        case tooLarge(Outgoing.Content)
        /// The connection is lost, for this reason: "the other side closed it".
        case disconnected(String)
    }

    private let stamp: (inout Outgoing) -> Void
    private let handle: (Event) -> Void
    private var window = FrameWindow()
    private var queue: [Outgoing.Content] = []
    private var decoder = FrameDecoder<Incoming>()
    private var connection: LoopConnection?
    /// How many bytes have arrived since the other side was told what has.
    private var untold = 0
    /// Whether frames may be sent: both sides have said what they have.
    private var isGreeted = false
    /// When something was sent or arrived last.
    private(set) var lastSent = ContinuousClock.now
    private(set) var lastReceived = ContinuousClock.now

    /// Creates a link without a connection.
    ///
    /// - Parameters:
    ///   - stamp: Completes every frame that is sent.
    ///   - handle: Takes what happens.
    init(stamp: @escaping (inout Outgoing) -> Void = { _ in }, handle: @escaping (Event) -> Void) {
        self.stamp = stamp
        self.handle = handle
    }

    var isConnected: Bool { connection != nil }

    /// Whether something that was sent has not left this process.
    var isSending: Bool { connection.map { $0.unsentCount > 0 } ?? false }

    /// How many bytes are on their way, or are kept until the other side has them.
    var backlog: Int { max(window.keptBytes, connection?.unsentCount ?? 0) }

    // MARK: Connections

    /// Takes a connection into use, in the place of an earlier one. Only greetings are sent before ``resume(after:)``.
    ///
    /// - Parameter decoder: Has what arrived before.
    func attach(_ connection: LoopConnection, _ decoder: FrameDecoder<Incoming> = FrameDecoder()) {
        detach()
        self.connection = connection
        self.decoder = decoder
        lastReceived = .now
        connection.handle = { [unowned self] in take($0) }
    }

    /// Ends the connection, if there is one. What was sent is kept.
    func detach() {
        connection?.close()
        connection = nil
        isGreeted = false
        decoder = FrameDecoder()
    }

    /// Listens to the connection no longer, and leaves it to the other side to close it: what was sent still arrives.
    func abandon() {
        connection?.handle = { _ in }
        connection = nil
        isGreeted = false
    }

    /// Sends again what the other side lacks. What is queued waits for ``flush()``.
    ///
    /// - Parameter number: The last one that the other side has.
    func resume(after number: UInt64) {
        window.acknowledge(number)
        isGreeted = true
        for frame in window.unacknowledged { connection?.send(frame) }
        lastSent = .now
        // What arrived with the greeting.
        receive([])
    }

    // MARK: Sending

    /// Queues a message for the next frame.
    func send(_ message: Outgoing.Content) { queue.append(message) }

    /// Sends what was queued.
    func flush() {
        guard isGreeted, !queue.isEmpty else { return }
        var messages: [Outgoing.Content] = []
        swap(&messages, &queue)
        send(messages[...])
    }

    private func send(_ messages: ArraySlice<Outgoing.Content>) {
        var frame = Outgoing()
        frame.messages = Array(messages)
        frame.number = window.nextNumber
        if let bytes = encode(&frame) {
            window.keep(bytes)
            connection?.send(bytes)
        } else if messages.count > 1 {
            // Together they are too large for a frame.
            let middle = (messages.startIndex + messages.endIndex) / 2
            send(messages[..<middle])
            send(messages[middle...])
        } else if let message = messages.first {
            handle(.tooLarge(message))
        }
    }

    /// Sends a frame that is not kept: with a greeting, or without messages to tell what has arrived.
    func sendUnnumbered(_ messages: [Outgoing.Content] = []) {
        var frame = Outgoing()
        frame.messages = messages
        if let connection, let bytes = encode(&frame) { connection.send(bytes) }
    }

    /// - Returns: `nil` if the frame is too large.
    private func encode(_ frame: inout Outgoing) -> [UInt8]? {
        frame.received = window.received
        stamp(&frame)
        guard let bytes = try? Frame.encode(frame) else { return nil }
        untold = 0
        lastSent = .now
        return bytes
    }

    // MARK: Receiving

    private func take(_ event: PilotConnectionEvent) {
        switch event {
        case .received(let bytes): receive(bytes)
        case .drained: handle(.drained)
        case .ended(let reason): disconnect(reason)
        }
    }

    private func disconnect(_ reason: String) {
        detach()
        handle(.disconnected(reason))
    }

    private func receive(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { decoder.append($0) }
        lastReceived = .now
        untold += bytes.count
        let connection = connection
        do {
            // What is done about a frame may end the connection.
            while self.connection === connection, let frame = try decoder.next() {
                window.acknowledge(frame.received)
                if try frame.number == 0 || window.receive(frame.number) { handle(.frame(frame)) }
            }
        } catch let gap as FrameWindow.Gap {
            disconnect("frame \(gap.number) arrived in the place of \(gap.expected)")
        } catch {
            disconnect("it sent \(error)")
        }
        if untold > Self.untoldLimit, isGreeted { sendUnnumbered() }
    }

    /// After so many bytes, the other side is told what has arrived, so that it need not keep it.
    private static var untoldLimit: Int { 1 << 18 }
}
