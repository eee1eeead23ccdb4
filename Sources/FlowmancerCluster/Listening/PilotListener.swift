public import FlowmancerCore
internal import FlowmancerSystem
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Listens for the pilots of a run, and hands over those that prove who they are.
///
/// For every run, it makes new keys: one certificate for the engine, and one for the pilots. Each side trusts the
/// certificate of the other and nothing else. What a pilot needs is in the ``invitation``, a private file. The keys are
/// nowhere else: not in arguments, in the environment or in messages. Connections are encrypted with TLS 1.3.
///
/// Close it when no pilot is to connect any more. Connections that were handed over stay.
public final class PilotListener: Sendable {
    /// The path of the file from which a ``PilotInvitation`` is read.
    public let invitation: String
    /// The port on which it listens.
    package let port: Int

    private let channel: any Channel
    private let reception: NIOLoopBound<Reception>
    private let thread: ConnectionThread
    private let isClosed = Atomic(false)

    /// Starts listening, and writes the invitation into the directory of the site.
    ///
    /// - Parameters:
    ///   - site: What pilots have to know.
    ///   - address: Where to listen: `HOST:PORT`, `HOST` or `:PORT`, with an address of IPv6 in brackets. By default,
    ///     the machine can be reached by all its addresses, at a free port.
    ///   - accept: Takes every connection whose other side proved to be a pilot of this run. It is called on any
    ///     thread, and must not block.
    /// - Throws: A ``PilotListenerError`` if the address cannot be used, or the invitation cannot be written.
    public convenience init(
        _ site: PilotSite,
        address: String? = nil,
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws {
        try await self.init(site, at: address.map { try PilotAddress($0) } ?? .any, accept: accept)
    }

    init(
        _ site: PilotSite,
        at address: PilotAddress,
        limits: Reception.Limits = Reception.Limits(),
        accept: @escaping @Sendable (any PilotConnection) -> Void
    ) async throws {
        let engine = try RunCredential(name: "Flowmancer engine")
        let pilot = try RunCredential(name: "Flowmancer pilot")
        let tls = try TLSSide(
            .engine,
            certificate: engine.certificate,
            key: engine.key,
            expecting: pilot.certificate
        )
        let thread = ConnectionThread()
        let eventLoop = thread.eventLoop
        let reception = try await eventLoop.submit {
            NIOLoopBound(Reception(limits, tls, thread: thread, accept: accept), eventLoop: eventLoop)
        }.get()
        let socket = try await ListeningSocket.open(address) { Self.bootstrap(reception, limits) }
        let contents = InvitationContents(
            hosts: socket.hosts,
            port: socket.port,
            engineCertificate: engine.certificate,
            pilotCertificate: pilot.certificate,
            pilotKey: pilot.key,
            site: InvitationContents.Site(site)
        )
        do {
            invitation = try InvitationFile.write(contents, in: site.directory)
        } catch {
            try? await socket.channel.close()
            throw error
        }
        (channel, port) = (socket.channel, socket.port)
        (self.reception, self.thread) = (reception, thread)
    }

    private static func bootstrap(_ reception: NIOLoopBound<Reception>, _ limits: Reception.Limits) -> ServerBootstrap {
        ServerBootstrap(group: reception.eventLoop)
            .serverChannelOption(.backlog, value: 4_096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: UInt(limits.accepted))
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    // Without the latter, a shortage of descriptors would keep a processor busy.
                    let handlers: [any ChannelHandler] = [AcceptGate(reception.value), AcceptBackoffHandler()]
                    try channel.pipeline.syncOperations.addHandlers(handlers)
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try reception.value.receive(channel) }
            }
    }

    /// Stops listening, ends what has not been handed over, and removes the invitation. Nothing is handed over
    /// afterwards.
    public func close() async {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        FileSystem.unlink(invitation)
        let reception = reception
        try? await reception.eventLoop.submit { reception.value.close() }.get()
        try? await channel.close()
    }
}
