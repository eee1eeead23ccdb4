import FlowmancerCore

/// A connection of which an event loop hears. Used on the event loop only.
final class LoopConnection {
    private let connection: any PilotConnection
    /// Takes what happens.
    var handle: ((PilotConnectionEvent) -> Void)?
    private var isOver = false

    /// Takes a connection over. Nothing is told before the present turn of the loop is over.
    init(_ connection: any PilotConnection, on thread: EventLoopThread) {
        self.connection = connection
        let bound = LoopBound(WeakReference(self), on: thread)
        connection.begin { event in bound.perform { $0.object?.take(event) } }
    }

    private func take(_ event: PilotConnectionEvent) {
        guard !isOver else { return }
        if case .ended = event { isOver = true }
        handle?(event)
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
