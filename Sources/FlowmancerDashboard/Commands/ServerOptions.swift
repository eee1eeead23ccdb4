import ArgumentParser
import Flowmancer
import FlowmancerCore
import NIOSSL

/// Where and how a server is reached.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where to listen: host:port, a port of this machine (0 for a free one), or unix: and the path of a socket.",
            valueName: "address"
        )
    )
    var listen = ListenAddress.standard

    @Option(
        help: ArgumentHelp(
            "A name under which browsers reach the server, besides that in --listen. May be repeated.",
            valueName: "name"
        )
    )
    var host: [String] = []

    @Option(
        help: ArgumentHelp(
            "Keep the tokens in this file, so that links stay valid; it is made if it is missing.",
            valueName: "file"
        ),
        completion: .file()
    )
    var tokenFile: String?

    @Option(
        help: ArgumentHelp("Serve by TLS with this certificate, in PEM format.", valueName: "file"),
        completion: .file()
    )
    var tlsCertificate: String?

    @Option(
        help: ArgumentHelp("The private key of the certificate, in PEM format.", valueName: "file"),
        completion: .file()
    )
    var tlsKey: String?

    @Flag(help: "Listen on any address without TLS: a proxy that nobody can go around provides it.")
    var behindProxy = false

    func validate() throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together. Give both, or none.")
        }
        for name in host where name.isEmpty || name.contains(where: { $0 == "/" || $0.isWhitespace }) {
            throw ValidationError("--host expects a name such as runs.example.org, found '\(name.printable)'.")
        }
        guard listen.isLocal || tlsCertificate != nil || behindProxy else {
            throw ValidationError(
                """
                Without TLS, others on the network can read the token of a server at \(listen.description.printable). \
                Add --tls-certificate and --tls-key, or --behind-proxy if a proxy provides TLS.
                """
            )
        }
    }

    /// The certificate and its key; `nil` without TLS.
    ///
    /// - Throws: ``UsageError`` if they cannot be used.
    func tls() throws -> TLSConfiguration? {
        guard let tlsCertificate, let tlsKey else { return nil }
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(tlsCertificate)
        } catch {
            throw UsageError(text: "the certificate \(tlsCertificate.printable) cannot be used: \(error)")
        }
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: tlsKey, format: .pem)
        } catch {
            throw UsageError(text: "the private key \(tlsKey.printable) cannot be used: \(error)")
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(key)
        )
        configuration.minimumTLSVersion = .tlsv12
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw UsageError(
                text: "the certificate \(tlsCertificate.printable) and the key \(tlsKey.printable) do not fit: \(error)"
            )
        }
        return configuration
    }

    /// The tokens, from their file if there is one.
    func tokens() throws -> AccessTokens {
        try tokenFile.map { try TokenFile($0).tokens() } ?? AccessTokens(full: AccessToken(), readOnly: AccessToken())
    }

    func settings(tokens: AccessTokens, tls: TLSConfiguration?) -> DashboardServer.Settings {
        DashboardServer.Settings(
            address: listen,
            hosts: listen.hosts.union(host.map { RequestGuard.name(of: $0) }),
            publicName: host.first,
            tokens: tokens,
            tls: tls,
            isSecure: tls != nil || behindProxy
        )
    }
}
