import FlowmancerCore

/// A connection of which an event loop hears. Used on the event loop only.
final class LoopConnection {
    private let connection: any PilotConnection
    /// Takes what happens; what has happened before is told at once.
    var handle: ((PilotConnectionEvent) -> Void)? {
        didSet {
            let events = early
            early = []
            for event in events { handle?(event) }
        }
    }
    private var early: [PilotConnectionEvent] = []
    private var isOver = false

    /// Takes a connection over.
    init(_ connection: any PilotConnection, on thread: EventLoopThread) {
        self.connection = connection
        let bound = LoopBound(Weak(owner: self), on: thread)
        connection.begin { event in bound.perform { $0.owner?.take(event) } }
    }

    private struct Weak {
        weak var owner: LoopConnection?
    }

    private func take(_ event: PilotConnectionEvent) {
        guard !isOver else { return }
        if case .ended = event { isOver = true }
        if let handle { handle(event) } else { early.append(event) }
    }

    func send(_ bytes: [UInt8]) { connection.send(bytes) }

    var unsentCount: Int { connection.unsentCount }

    /// Ends the connection. Nothing is told any more.
    func close() {
        isOver = true
        handle = nil
        connection.close()
    }
}
