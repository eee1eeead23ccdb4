import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire

/// The engine's end of the link to one pilot. Used on the event loop only.
final class NodeLink {
    private let node: Int
    private unowned let pool: ClusterPool
    private var link: FrameLink<WireToPilotFrame, WireFromPilotFrame>!
    /// The newest of the times that the pilot has sent.
    private var heard: UInt64 = 0
    private var hasLeft = false

    /// With so many bytes on their way, a node is given nothing more, until there are half as many.
    private static let backlogLimit = 4 << 20

    init(_ node: Int, of pool: ClusterPool) {
        self.node = node
        self.pool = pool
        link = FrameLink(stamp: { [unowned self] in $0.heard = heard }, handle: { [unowned self] in take($0) })
    }

    /// Takes a new connection into use, and answers the pilot's greeting.
    func resume(_ guest: PilotReception.Guest, _ welcome: WireWelcome) {
        link.attach(guest.connection, guest.decoder)
        link.sendUnnumbered([.with { $0.welcome = welcome }])
        link.resume(after: guest.received)
    }

    func send(_ message: WireToPilot) { link.send(message) }

    func flush() { link.flush() }

    /// Gives a sign of life, if nothing was sent for a while.
    func beat(every interval: Duration) {
        if link.isConnected, .now - link.lastSent >= interval { link.sendUnnumbered() }
    }

    /// Whether there is so much on its way that nothing should be added, as of the last call of ``measure()``.
    private(set) var isCongested = false

    /// Finds out how much is on its way.
    func measure() {
        isCongested = link.backlog > (isCongested ? Self.backlogLimit / 2 : Self.backlogLimit)
    }

    /// Ends the connection. The pilot may make another one.
    func detach() { link.detach() }

    /// Has the pilot end, and listens to it no longer. It closes the connection.
    func leave() {
        hasLeft = true
        link.send(.with { $0.leave = true })
        link.flush()
        link.abandon()
    }

    // MARK: From the pilot

    private func take(_ event: FrameLink<WireToPilotFrame, WireFromPilotFrame>.Event) {
        guard !hasLeft else { return }
        switch event {
        case .frame(let frame):
            heard = max(heard, frame.time)
            pool.handle(.heard(node: node))
            for message in frame.messages where !hasLeft { take(message) }
        case .drained: pool.noteBacklog(of: node)
        case .tooLarge(let message): pool.take(tooLarge: message, to: node)
        case .disconnected: pool.handle(.disconnected(node: node))
        }
    }

    private func take(_ message: WireFromPilot) {
        switch message.body {
        case .started(let attempt): pool.take(start: attempt, node)
        case .returned(let attempt): pool.handle(.returned(node: node, attempt: attempt))
        case .output(let output): pool.take(output, node)
        case .log(let line): pool.take(line, node)
        case .lateLine(let line): pool.delegate.poolDidReceiveLate(LateLine(line))
        case .ended(let ended): pool.take(ended, node)
        case .sharedRequest(let request): pool.take(request, node)
        case .leaving(let reason): pool.handle(.leaving(node: node, reason: reason))
        case .notice(let notice): pool.delegate.pool(of: pool.host.name, didNote: .said(node: name, notice.text))
        case .hello, nil: break
        }
    }

    private var name: String { pool.state.nodes[node].name }
}
