internal import FlowmancerCore
internal import NIOCore

/// The handshakes that an engine has under way. It is used on its event loop only.
final class Reception {
    struct Limits: Sendable {
        /// How many there may be at the same time.
        var handshakes = 256
        /// As many are accepted in one go.
        var accepted = 16
        /// How long one may take.
        var deadline = TimeAmount.seconds(10)
    }

    private let limits: Limits
    private let tls: TLSSide
    private let thread: ConnectionThread
    private let accept: @Sendable (any PilotConnection) -> Void
    private var handshakes: [ObjectIdentifier: any Channel] = [:]
    private var isClosed = false
    /// Called when there is room again for those that want to connect.
    var onRoom: (() -> Void)?

    init(
        _ limits: Limits,
        _ tls: TLSSide,
        thread: ConnectionThread,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) {
        self.limits = limits
        self.tls = tls
        self.thread = thread
        self.accept = accept
    }

    /// Whether as many as are accepted in one go may come.
    var hasRoom: Bool { handshakes.count + limits.accepted <= limits.handshakes }

    /// Begins the handshake of a connection.
    func receive(_ channel: any Channel) throws {
        guard !isClosed else { throw ChannelError.ioOnClosedChannel }
        let eventLoop = channel.eventLoop
        let connected = eventLoop.makePromise(of: TLSConnection.self)
        let handler = GreetingHandler(.engine, thread: thread, connected: connected)
        do {
            try channel.pipeline.syncOperations.addHandlers([tls.makeHandler(), handler])
        } catch {
            connected.fail(error)
            throw error
        }
        handshakes[ObjectIdentifier(channel)] = channel
        let timer = eventLoop.scheduleTask(in: limits.deadline) { connected.fail(HandshakeFailure.tooSlow) }
        connected.futureResult.assumeIsolated().whenComplete { result in
            timer.cancel()
            self.finish(channel, result)
        }
    }

    private func finish(_ channel: any Channel, _ result: Result<TLSConnection, any Error>) {
        handshakes[ObjectIdentifier(channel)] = nil
        switch result {
        case .success(let connection) where !isClosed: accept(connection)
        case .success(let connection): connection.close()
        case .failure: channel.close(promise: nil)
        }
        if hasRoom { onRoom?() }
    }

    /// Ends all handshakes.
    func close() {
        isClosed = true
        for channel in handshakes.values { channel.close(promise: nil) }
    }
}
