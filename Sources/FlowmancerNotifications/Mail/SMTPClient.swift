import FlowmancerHTTP
import NIOCore
import NIOPosix
import NIOSSL

/// Hands messages to a mail server.
struct SMTPClient: Sendable {
    let host: String
    let port: Int
    /// A file with certificates of authorities that are trusted beside those of the system.
    let authorities: String?

    /// Hands over a message.
    ///
    /// - Parameters:
    ///   - order: The message and how to introduce it.
    ///   - limit: How long that may take in all.
    /// - Returns: What became of it.
    /// - Throws: `CancellationError`.
    func deliver(
        _ order: SMTPConversation.Order,
        within limit: Duration
    ) async throws -> MailDelivery {
        let deadline = ContinuousClock.now + limit
        var delivery = MailDelivery(to: order.recipients)
        var attempt = 1
        while true {
            do {
                var remainder = order
                remainder.recipients = delivery.pending
                delivery.take(try await offer(remainder, until: deadline, limit))
            } catch let failure as SMTPFailure {
                delivery.take(failure)
            }
            guard delivery.isWorthAnotherAttempt, let pause = pause(afterAttempt: attempt, until: deadline) else {
                return delivery
            }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    private func pause(afterAttempt attempt: Int, until deadline: ContinuousClock.Instant) -> Duration? {
        let remaining = ContinuousClock.now.duration(to: deadline)
        return DeliveryPolicy().pause(afterAttempt: attempt, remaining: remaining, jitter: .random(in: 0...1))
    }

    private func offer(
        _ order: SMTPConversation.Order,
        until deadline: ContinuousClock.Instant,
        _ limit: Duration
    ) async throws -> [SMTPConversation.Refusal] {
        let tls = order.security == .none ? nil : try makeTLSContext()
        let eventLoop = MultiThreadedEventLoopGroup.singleton.any()
        let outcome = eventLoop.makePromise(of: [SMTPConversation.Refusal].self)
        let remaining = TimeAmount(max(.zero, ContinuousClock.now.duration(to: deadline)))
        // Also the look-up of the host's name counts: nothing below limits that.
        let timer = eventLoop.scheduleTask(in: remaining) { outcome.fail(SMTPFailure.timeout(limit)) }
        let host = host
        let connection = ClientBootstrap(group: eventLoop)
            .connectTimeout(remaining)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if order.security == .tls, let tls {
                        try channel.pipeline.syncOperations.addHandler(Self.tlsHandler(tls, host: host))
                    }
                    let handler = SMTPHandler(SMTPConversation(order), host: host, tls: tls, outcome: outcome)
                    try channel.pipeline.syncOperations.addHandler(handler)
                }
            }
            .connect(host: host, port: port)
        connection.whenFailure { outcome.fail(Self.failure(of: $0)) }
        outcome.futureResult.whenComplete { _ in
            timer.cancel()
            connection.whenSuccess { $0.close(promise: nil) }
        }
        return try await withTaskCancellationHandler {
            try await outcome.futureResult.get()
        } onCancel: {
            outcome.fail(CancellationError())
        }
    }

    static func failure(of error: any Error) -> SMTPFailure {
        if let failure = error as? SMTPFailure { return failure }
        if let failure = error as? AuthorityFile.Failure { return .noAuthorities(failure) }
        if let failure = EncryptionFailure(error) { return .noEncryption(failure) }
        return .noConnection(ConnectionFailure.text(of: error))
    }

    // MARK: Encryption

    private func makeTLSContext() throws -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: AuthorityFile.configuration(trusting: authorities))
        } catch {
            throw Self.failure(of: error)
        }
    }

    static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // A name is sent to the server; of an address, only the certificate is checked.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
