internal import NIOCore
internal import NIOPosix

/// One attempt to connect with an engine at one of its addresses.
struct ConnectionAttempt: Sendable {
    let host: String
    let port: Int
    let tls: TLSSide
    let thread: ConnectionThread
    let limits: ConnectionRace.Limits

    /// Connects until the engine has proved who it is. Then it tries to win the election, and has the engine accept it.
    ///
    /// - Throws: What ``ConnectionWords`` has words for. Of a connection that has not won, it is
    ///   ``HandshakeFailure/cancelled``.
    func run(_ election: Election) async throws -> TLSConnection {
        let eventLoop = thread.eventLoop
        let connected = eventLoop.makePromise(of: TLSConnection.self)
        let (thread, tls) = (thread, tls)
        // Also the look-up of a host's name counts: nothing below limits that.
        let timer = eventLoop.scheduleTask(in: limits.accepting) { connected.fail(HandshakeFailure.tooSlow) }
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(limits.connecting)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = GreetingHandler(.pilot(election), thread: thread, connected: connected)
                    try channel.pipeline.syncOperations.addHandlers([tls.makeHandler(), handler])
                }
            }
        let channel = connect(bootstrap)
        channel.whenFailure { connected.fail($0) }
        connected.futureResult.whenComplete { result in
            timer.cancel()
            if case .failure = result { channel.whenSuccess { $0.close(promise: nil) } }
        }
        return try await withTaskCancellationHandler {
            try await connected.futureResult.get()
        } onCancel: {
            connected.fail(HandshakeFailure.cancelled)
        }
    }

    private func connect(_ bootstrap: ClientBootstrap) -> EventLoopFuture<any Channel> {
        // Only a name needs a look-up.
        if let address = try? SocketAddress(ipAddress: host, port: port) { return bootstrap.connect(to: address) }
        return bootstrap.connect(host: host, port: port)
    }
}
