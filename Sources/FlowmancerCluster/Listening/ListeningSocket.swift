internal import FlowmancerCore
internal import FlowmancerSystem
internal import NIOCore
internal import NIOPosix
internal import SystemPackage

/// The socket on which an engine listens for pilots.
struct ListeningSocket: Sendable {
    let channel: any Channel
    /// The addresses by which pilots may reach it, in the order in which they are to be tried.
    let hosts: [String]
    let port: Int

    /// Opens the socket that an address stands for.
    ///
    /// A numeric address is that of one network, on which it then listens. A name may stand for anything, also for what
    /// other machines take for another address than this one, so it listens everywhere.
    ///
    /// - Parameter bootstrap: Returns a new one, as options stay with it.
    /// - Throws: A ``PilotListenerError``.
    static func open(_ address: PilotAddress, _ bootstrap: () -> ServerBootstrap) async throws -> ListeningSocket {
        let port = address.port ?? 0
        do {
            if let host = address.host, PilotAddress.isNumeric(host) {
                let place = try SocketAddress(ipAddress: host, port: port)
                return try ListeningSocket(await bootstrap().bind(to: place).get(), [host])
            }
            let (channel, hasIPv6) = try await bindEverywhere(port, bootstrap)
            return try ListeningSocket(channel, address.host.map { [$0] } ?? OwnAddresses.all(withIPv6: hasIPv6))
        } catch {
            throw Self.error(error, address)
        }
    }

    private init(_ channel: any Channel, _ hosts: [String]) throws {
        guard let port = channel.localAddress?.port else { throw ChannelError.unknownLocalAddress }
        (self.channel, self.hosts, self.port) = (channel, hosts, port)
    }

    private static func bindEverywhere(
        _ port: Int,
        _ bootstrap: () -> ServerBootstrap
    ) async throws -> (channel: any Channel, hasIPv6: Bool) {
        let any6 = try SocketAddress(ipAddress: "::", port: port)
        do {
            // It hears IPv4 as well, however the system is set up.
            let both = bootstrap().serverChannelOption(
                ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only),
                value: 0
            )
            return (try await both.bind(to: any6).get(), true)
        } catch let error as IOError where withoutIPv6.contains(Errno(rawValue: error.errnoCode)) {
            let any4 = try SocketAddress(ipAddress: "0.0.0.0", port: port)
            return (try await bootstrap().bind(to: any4).get(), false)
        }
    }

    /// What the system says where IPv6 is switched off.
    private static let withoutIPv6: [Errno] = [
        .addressFamilyNotSupported, .addressNotAvailable, .protocolNotSupported, .protocolNotAvailable,
    ]

    private static func error(_ error: any Error, _ address: PilotAddress) -> PilotListenerError {
        let port = address.port.map { "port \($0)" } ?? "a free port"
        let place = address.host.map { "\(port) of \($0.printable)" } ?? port
        let reason = Errno(rawValue: (error as? IOError)?.errnoCode ?? Errno.ioError.rawValue)
        let advice =
            switch reason {
            case .addressInUse: "another program listens there; choose another port, or none"
            case .addressNotAvailable: "this machine does not have the address; choose one of its own, or only a port"
            case .permissionDenied: "only an administrator may use the port; choose one above 1023, or none"
            case let reason: ConnectionWords.words(of: reason)
            }
        return PilotListenerError("cannot listen for pilots at \(place): \(advice)")
    }
}
