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

    /// How often a message is offered that the server, or the network, did not take for now.
    private static let maxAttempts = 3

    /// Hands over a message.
    ///
    /// - Parameters:
    ///   - order: The message and how to introduce it.
    ///   - limit: How long that may take in all.
    /// - Returns: The recipients that the server refused, of several.
    func deliver(
        _ order: SMTPConversation.Order,
        within limit: Duration
    ) async throws -> [SMTPConversation.Refusal] {
        let deadline = ContinuousClock.now + limit
        let tls = order.security == .none ? nil : try makeTLSContext()
        var attempt = 1
        while true {
            do {
                return try await offer(order, tls, until: deadline, limit)
            } catch let failure as SMTPFailure {
                let pause = Duration.milliseconds(300 * attempt)
                guard failure.isTemporary, attempt < Self.maxAttempts, ContinuousClock.now + pause < deadline else {
                    throw failure
                }
                try await Task.sleep(for: pause)
                attempt += 1
            }
        }
    }

    private func offer(
        _ order: SMTPConversation.Order,
        _ tls: NIOSSLContext?,
        until deadline: ContinuousClock.Instant,
        _ limit: Duration
    ) async throws -> [SMTPConversation.Refusal] {
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
        switch error {
        case let failure as SMTPFailure: failure
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .noEncryption("\(error)")
        default: .noConnection(ConnectionFailure.text(of: error))
        }
    }

    // MARK: Encryption

    private func makeTLSContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        do {
            if let authorities {
                configuration.additionalTrustRoots = [.certificates(try NIOSSLCertificate.fromPEMFile(authorities))]
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            let file = authorities.map { " with the certificates in '\($0)'" } ?? ""
            throw SMTPFailure.noEncryption("nothing can be encrypted\(file): \(error)")
        }
    }

    static func tlsHandler(_ context: NIOSSLContext, host: String) throws -> NIOSSLClientHandler {
        // A name is sent to the server; of an address, only the certificate is checked.
        let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : host)
    }
}
