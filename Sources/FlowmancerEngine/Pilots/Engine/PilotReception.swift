import FlowmancerCore
import FlowmancerWire

/// Receives new connections: each says who it is before anything else. Used on the event loop only.
final class PilotReception {
    /// A pilot that has said who it is, and waits for the answer.
    struct Guest {
        let greeting: PilotGreeting
        /// The number of the last frame that it has.
        let received: UInt64
        let connection: LoopConnection
        let decoder: FrameDecoder<WireFromPilotFrame>
    }

    private let loop: EventLoop
    private let handle: (Guest) -> Void
    private var arrivals: [ObjectIdentifier: Arrival] = [:]

    private struct Arrival {
        let connection: LoopConnection
        var decoder = FrameDecoder<WireFromPilotFrame>()
        let limit: EventLoop.Timer
    }

    /// How long a connection may take to say who it is, and a pilot that is refused to leave.
    private static let patience = Duration.seconds(10)

    init(on loop: EventLoop, handle: @escaping (Guest) -> Void) {
        self.loop = loop
        self.handle = handle
    }

    /// Takes a new connection.
    func accept(_ connection: LoopConnection) {
        let id = ObjectIdentifier(connection)
        let limit = loop.schedule(after: Self.patience) { [weak self] in self?.dismiss(id) }
        arrivals[id] = Arrival(connection: connection, limit: limit)
        connection.handle = { [weak self] event in self?.take(event, id) }
    }

    /// Tells a pilot that it is not wanted.
    func refuse(_ guest: Guest, _ reason: String) {
        var frame = WireToPilotFrame()
        frame.messages = [.with { $0.refusal.reason = reason }]
        if let bytes = try? Frame.encode(frame) { guest.connection.send(bytes) }
        // It closes the connection when it has read that.
        let connection = guest.connection
        connection.handle = { event in if case .ended = event { connection.close() } }
        loop.schedule(after: Self.patience) { connection.close() }
    }

    func close() {
        for id in Array(arrivals.keys) { dismiss(id) }
    }

    private func dismiss(_ id: ObjectIdentifier) {
        guard let arrival = arrivals.removeValue(forKey: id) else { return }
        arrival.limit.cancel()
        arrival.connection.close()
    }

    private func take(_ event: PilotConnectionEvent, _ id: ObjectIdentifier) {
        switch event {
        case .received(let bytes):
            bytes.withUnsafeBytes { arrivals[id]?.decoder.append($0) }
            do {
                guard let frame = try arrivals[id]?.decoder.next() else { return }
                guard let arrival = arrivals.removeValue(forKey: id) else { return }
                arrival.limit.cancel()
                guard case .hello(let hello)? = frame.messages.first?.body else { return arrival.connection.close() }
                let guest = Guest(
                    greeting: PilotGreeting(hello),
                    received: frame.received,
                    connection: arrival.connection,
                    decoder: arrival.decoder
                )
                if hello.protocolVersion == Frame.pilotProtocolVersion {
                    handle(guest)
                } else {
                    refuse(guest, "it speaks version \(hello.protocolVersion) of the protocol")
                }
            } catch {
                dismiss(id)
            }
        case .drained: break
        case .ended: dismiss(id)
        }
    }
}

extension PilotGreeting {
    init(_ hello: WirePilotHello) {
        self.init(
            pilot: hello.pilot,
            incarnation: hello.incarnation,
            node: hello.node,
            capacity: NodeCapacity(
                processors: max(1, Int(hello.processors)),
                memory: hello.memory == 0 ? nil : Int(clamping: hello.memory),
                graphicsProcessors: hello.graphicsProcessors
            ),
            program: hello.program
        )
    }
}
