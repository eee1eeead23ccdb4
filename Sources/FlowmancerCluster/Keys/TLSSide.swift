internal import NIOCore
internal import NIOSSL

/// One side of encrypted connections: TLS 1.3, in which each side accepts the certificate of the other, and no other
/// one.
struct TLSSide: Sendable {
    enum Role: Sendable {
        case engine
        case pilot
    }

    private let role: Role
    private let context: NIOSSLContext
    /// The certificate of the other side.
    private let expected: [UInt8]

    /// - Parameters:
    ///   - certificate: The certificate of this side, in PEM.
    ///   - expected: The certificate of the other side, in PEM.
    /// - Throws: An error of the library if these are no certificates or no key, or do not belong together.
    init(_ role: Role, certificate: String, key: PrivateText, expecting expected: String) throws {
        self.role = role
        self.expected = try NIOSSLCertificate(bytes: Array(expected.utf8), format: .pem).toDERBytes()
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: [.certificate(try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem))],
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.text.utf8), format: .pem)),
            // Not those of the system.
            trustRoots: .certificates([])
        )
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        // So long the other side may take to answer the leave that this side takes.
        configuration.shutdownTimeout = .seconds(1)
        context = try NIOSSLContext(configuration: configuration)
    }

    /// Creates the handler that encrypts a connection.
    func makeHandler() throws -> NIOSSLHandler {
        let expected = expected
        let verify: NIOSSLCustomVerificationCallback = { certificates, result in
            let bytes = try? certificates.first?.toDERBytes()
            result.succeed(bytes == expected ? .certificateVerified : .failed)
        }
        return switch role {
        case .engine:
            NIOSSLServerHandler(context: context, customVerificationCallback: verify)
        case .pilot:
            try NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: verify)
        }
    }
}
