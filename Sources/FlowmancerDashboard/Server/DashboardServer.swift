import Flowmancer
import FlowmancerCore
import FlowmancerSystem
import Glibc
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SystemPackage

/// The server of the page.
struct DashboardServer: Sendable {
    /// Where and how it is reached.
    struct Settings: Sendable {
        var address: ListenAddress
        /// The names in `Host` headers that mean this server.
        var hosts: Set<String>
        /// The name in the link, if it is another one than that of the address.
        var publicName: String?
        var tokens: AccessTokens
        /// `nil` without TLS.
        var tls: TLSConfiguration?
        /// Whether browsers reach the server by TLS only.
        var isSecure: Bool
    }

    private let dashboard: Dashboard
    private let settings: Settings

    private static let mostConnections = 512
    private static let mostFollowers = 256
    private static let longestHeader = 32_768
    /// A connection without a request is closed after this time.
    private static let idleTime = TimeAmount.seconds(60)

    init(_ dashboard: Dashboard, _ settings: Settings) {
        self.dashboard = dashboard
        self.settings = settings
    }

    /// Serves until a signal ends the program, or the process is over that the server is for.
    ///
    /// - Parameters:
    ///   - process: The engine whose run is the only one to be shown; `nil` for a server that goes on.
    ///   - report: Is given the link that may do everything, and that for looking only.
    /// - Throws: ``UsageError`` if the address cannot be used.
    func run(until process: EngineProcess?, report: @escaping @Sendable (String, String) -> Void) async throws {
        try claimSocket()
        let app = Application(
            responder: DashboardResponder(
                dashboard: dashboard,
                guarding: RequestGuard(
                    hosts: settings.hosts,
                    tokens: settings.tokens,
                    cookie: cookieName,
                    isSecure: settings.isSecure
                ),
                followers: FollowerLimit(Self.mostFollowers)
            ),
            server: try server,
            configuration: ApplicationConfiguration(
                address: bindAddress,
                availableConnectionsDelegate: .maximum(Self.mostConnections, logger: Self.silent)
            ),
            onServerRunning: { channel in
                let base = link(port: channel.localAddress?.port)
                report("\(base)/?token=\(settings.tokens.full.text)", "\(base)/?token=\(settings.tokens.readOnly.text)")
            },
            logger: Self.silent
        )
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await app.run() }
                if let process { group.addTask { await process.waitForEnd() } }
                // The first of the two ends both.
                try await group.next()
                group.cancelAll()
            }
        } catch let error as IOError {
            let reason = Errno(rawValue: error.errnoCode)
            throw unusable(reason.description)
        } catch let error as SocketAddressError {
            throw unusable("\(error)")
        }
    }

    private func unusable(_ reason: String) -> UsageError {
        let address = settings.address.description.printable
        return UsageError(text: "the address \(address) cannot be used: \(reason); choose another with --listen")
    }

    private static let silent = Logger(label: "flowmancer.dashboard") { _ in SwiftLogNoOpLogHandler() }

    /// Cookies are shared by all ports of a host, so each server has a name for its own.
    private var cookieName: String {
        "flowmancer_" + String(CRC32C.checksum(Array(settings.tokens.readOnly.text.utf8)), radix: 16)
    }

    private var server: HTTPServerBuilder {
        get throws {
            var decoder = HTTP1Channel.Configuration.DecoderConfiguration()
            decoder.maxHeaderListSize = Self.longestHeader
            decoder.maxHeaderFieldSize = Self.longestHeader
            decoder.maxHeaderFieldCount = 100
            let http = HTTPServerBuilder.http1(
                configuration: HTTP1Channel.Configuration(
                    additionalChannelHandlers: [ConnectionDeadlines()],
                    idleTimeout: Self.idleTime,
                    httpDecoderConfiguration: decoder
                )
            )
            guard let tls = settings.tls else { return http }
            return try .tls(http, tlsConfiguration: tls)
        }
    }

    private var bindAddress: BindAddress {
        switch settings.address {
        case .port(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    private func link(port: Int?) -> String {
        let scheme = settings.isSecure ? "https" : "http"
        switch settings.address {
        case .socket: return "\(scheme)://\(settings.publicName ?? "localhost")"
        case .port(_, let wanted):
            // A proxy has a port of its own.
            if let name = settings.publicName {
                return "\(scheme)://\(name)\(settings.tls == nil ? "" : ":\(port ?? wanted)")"
            }
            let address = ListenAddress.port(host: settings.address.linkHost, port ?? wanted)
            return "\(scheme)://\(address.description)"
        }
    }

    /// Makes sure that nobody else can use the socket, and that no other server does.
    private func claimSocket() throws {
        guard case .socket(let path) = settings.address else { return }
        umask(0o077)
        guard let status = FileSystem.linkStatus(of: path) else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw UsageError(
                text: "\(path.printable) is in the way of the socket and is no socket; choose another path"
            )
        }
        guard !UnixSocketProbe.isAnswered(path) else {
            throw UsageError(
                text: "another server listens on the socket \(path.printable); choose another path, or end it"
            )
        }
    }
}
