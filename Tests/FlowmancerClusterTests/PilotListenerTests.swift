import FlowmancerCore
import NIOCore
import NIOPosix
import NIOSSL
import TestSupport
import Testing

@testable import FlowmancerCluster

@Suite(.timeLimit(.minutes(5))) struct PilotListenerTests {
    /// Somebody who connects but is no pilot.
    private final class Stranger: Sendable {
        let channel: any Channel

        init(
            _ port: Int,
            saying text: String = "",
            _ handler: @escaping @Sendable () throws -> NIOSSLHandler? = { nil }
        ) async throws {
            channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        if let handler = try handler() { try channel.pipeline.syncOperations.addHandler(handler) }
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
            if !text.isEmpty { channel.writeAndFlush(ByteBuffer(string: text), promise: nil) }
        }

        /// Waits until the engine has closed the connection.
        func end() async { try? await channel.closeFuture.get() }
    }

    /// Expects that only pilots get through, also after strangers.
    private func expectOnlyPilots(_ rig: ClusterRig) async throws {
        let (engine, pilot) = try await rig.pair()
        pilot.connection.send([1, 2])
        #expect(await engine.bytes(2) == [1, 2])
        await rig.listener.close()
    }

    private func client(_ rig: ClusterRig, _ change: (inout TLSConfiguration) throws -> Void) throws -> NIOSSLHandler {
        let contents = try InvitationFile.read(rig.listener.invitation)
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let certificate = try NIOSSLCertificate(bytes: Array(contents.pilotCertificate.utf8), format: .pem)
        configuration.certificateChain = [.certificate(certificate)]
        configuration.privateKey = .privateKey(
            try NIOSSLPrivateKey(bytes: Array(contents.pilotKey.text.utf8), format: .pem)
        )
        try change(&configuration)
        return try NIOSSLClientHandler(context: NIOSSLContext(configuration: configuration), serverHostname: nil)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "hello\n", "flowmancer pilot 1\n",
        String(repeating: "\u{0}", count: 100_000),
    ])
    func plainTextIsRefused(text: String) async throws {
        let rig = try await ClusterRig()
        try await Stranger(rig.listener.port, saying: text).end()
        try await expectOnlyPilots(rig)
    }

    @Test func oneWithoutCertificateIsRefused() async throws {
        let rig = try await ClusterRig()
        let stranger = try await Stranger(rig.listener.port, saying: "flowmancer pilot 1\n") {
            try client(rig) {
                $0.certificateChain = []
                $0.privateKey = nil
            }
        }
        await stranger.end()
        try await expectOnlyPilots(rig)
    }

    @Test func oneWithAnotherCertificateIsRefused() async throws {
        let rig = try await ClusterRig()
        let other = try RunCredential(name: "Flowmancer pilot")
        let race = try rig.race {
            $0.pilotCertificate = other.certificate
            $0.pilotKey = other.key
        }
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts == ["127.0.0.1 (the engine there does not accept this invitation)"])
        try await expectOnlyPilots(rig)
    }

    @Test func theEnginesCertificateDoesNotMakeAPilot() async throws {
        let rig = try await ClusterRig()
        let stranger = try await Stranger(rig.listener.port, saying: "flowmancer pilot 1\n") {
            // The certificate is known to all that connect; the key is not.
            try client(rig) {
                let other = try RunCredential(name: "Flowmancer engine")
                let certificate = try NIOSSLCertificate(bytes: Array(other.certificate.utf8), format: .pem)
                $0.certificateChain = [.certificate(certificate)]
                $0.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(other.key.text.utf8), format: .pem))
            }
        }
        await stranger.end()
        try await expectOnlyPilots(rig)
    }

    @Test func olderTLSIsRefused() async throws {
        let rig = try await ClusterRig()
        let stranger = try await Stranger(rig.listener.port, saying: "flowmancer pilot 1\n") {
            try client(rig) { $0.maximumTLSVersion = .tlsv12 }
        }
        await stranger.end()
        try await expectOnlyPilots(rig)
    }

    @Test func oneThatDoesNotGreetAsAPilotIsRefused() async throws {
        let rig = try await ClusterRig()
        let stranger = try await Stranger(rig.listener.port, saying: "flowmancer pilot 2\n") {
            try client(rig) { _ in }
        }
        await stranger.end()
        try await expectOnlyPilots(rig)
    }

    @Test func theSilentMakeRoomForPilots() async throws {
        let limits = Reception.Limits(handshakes: 3, accepted: 1, deadline: .milliseconds(500))
        let rig = try await ClusterRig(limits: limits)
        var strangers: [Stranger] = []
        // The beginning of a handshake of which the rest never comes, or nothing at all.
        for text in ["\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", "", "", "", ""] {
            strangers.append(try await Stranger(rig.listener.port, saying: text))
        }
        // Where much else runs, a pilot may also need longer.
        while true {
            do {
                _ = try await rig.pair()
                break
            } catch is PilotConnectError {}
        }
        for stranger in strangers { await stranger.end() }
    }

    @Test func noMoreHandshakesThanAllowedAreUnderWay() async throws {
        let limits = Reception.Limits(handshakes: 3, accepted: 1, deadline: .hours(1))
        let rig = try await ClusterRig(limits: limits)
        var strangers: [Stranger] = []
        for _ in 0..<4 { strangers.append(try await Stranger(rig.listener.port)) }
        let race = try rig.race(limits: ConnectionRace.Limits(accepting: .milliseconds(500)))
        // The pilot is behind the fourth stranger, whom the system keeps.
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts == ["127.0.0.1 (it did not answer in time)"])
        try await strangers[0].channel.close()
        try await strangers[1].channel.close()
        try await expectOnlyPilots(rig)
        for stranger in strangers { await stranger.end() }
    }

    @Test func twoHundredPilotsConnectAtOnce() async throws {
        let rig = try await ClusterRig()
        let count = 200
        let invitation = try PilotInvitation(path: rig.listener.invitation)
        let engine = Task {
            for _ in 0..<count {
                guard let probe = await rig.next() else { return }
                Task { probe.connection.send(await probe.bytes(1_000)) }
            }
        }
        let isRight = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<count {
                group.addTask {
                    let pilot = ConnectionProbe(try await invitation.connect())
                    let bytes = pattern(1_000, seed: UInt8(number))
                    pilot.connection.send(bytes)
                    defer { pilot.connection.close() }
                    return await pilot.bytes(1_000) == bytes
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(isRight)
        await engine.value
        await rig.listener.close()
    }

    @Test func afterTheCloseNobodyConnects() async throws {
        let rig = try await ClusterRig()
        let silent = try await Stranger(rig.listener.port)
        let invitation = try PilotInvitation(path: rig.listener.invitation)
        let (engine, pilot) = try await rig.pair()
        await rig.listener.close()
        await rig.listener.close()
        await silent.end()
        #expect(try rig.directory.contents().isEmpty)
        let error = await #expect(throws: PilotConnectError.self) { try await invitation.connect() }
        #expect(error?.attempts == ["127.0.0.1 (connection refused)"])
        let beginning = "the engine cannot be reached at port \(rig.listener.port) of 127.0.0.1 ("
        #expect(error?.description.hasPrefix(beginning) == true)
        engine.connection.send([1])
        #expect(await pilot.bytes(1) == [1])
    }

    @Test(arguments: [nil, "127.0.0.1", "[::1]", "localhost"])
    func addresses(address: String?) async throws {
        guard address != "[::1]" || OwnAddresses.all(withIPv6: true).contains("::1") else { return }
        let rig = try await ClusterRig(address: address)
        let hosts = try InvitationFile.read(rig.listener.invitation).hosts
        if let address { #expect(hosts == [address.filter { $0 != "[" && $0 != "]" }]) }
        if address == nil { #expect(hosts.contains("127.0.0.1") && hosts.count > 1) }
        try await expectOnlyPilots(rig)
    }

    /// Listens at a port that was free a moment ago, and that the system gives nobody who does not ask for it.
    private func rigAtGivenPort() async throws -> (rig: ClusterRig, port: Int) {
        while true {
            let port = Int.random(in: 10_000..<32_000)
            do {
                return (try await ClusterRig(address: ":\(port)"), port)
            } catch let error as PilotListenerError where error.description.contains("another program") {}
        }
    }

    @Test func theGivenPortIsUsed() async throws {
        let (rig, port) = try await rigAtGivenPort()
        #expect(rig.listener.port == port)
        #expect(try InvitationFile.read(rig.listener.invitation).port == port)
        await #expect {
            _ = try await ClusterRig(address: "127.0.0.1:\(port)")
        } throws: {
            "\($0)" == "cannot listen for pilots at port \(port) of 127.0.0.1: another program listens there; "
                + "choose another port, or none"
        }
        try await expectOnlyPilots(rig)
    }

    @Test func anAddressOfAnotherMachineIsRefused() async throws {
        await #expect {
            _ = try await ClusterRig(address: "192.0.2.1")
        } throws: {
            "\($0)".contains("this machine does not have the address")
        }
    }

    @Test func withoutADirectoryNothingListens() async throws {
        let directory = try TemporaryDirectory()
        let site = ClusterRig.site(in: "\(directory.path)/missing")
        let error = await #expect(throws: PilotListenerError.self) { try await PilotListener(site) { _ in } }
        #expect(error?.description.contains("cannot write the invitation for pilots") == true)
    }
}
