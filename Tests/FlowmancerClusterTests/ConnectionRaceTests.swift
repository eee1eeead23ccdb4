import FlowmancerCore
import NIOCore
import NIOPosix
import Testing

@testable import FlowmancerCluster

@Suite(.timeLimit(.minutes(5))) struct ConnectionRaceTests {
    @Test func deadAddressesAreLeftBehind() async throws {
        let rig = try await ClusterRig()
        // Closed, silent or unknown, unknown by name, and not even a name.
        let race = try rig.race(hosts: ["127.0.0.2", "192.0.2.1", "nobody.invalid", "", "127.0.0.1"])
        let pilot = ConnectionProbe(try await race.run())
        let engine = try #require(await rig.next())
        engine.connection.send([1])
        #expect(await pilot.bytes(1) == [1])
    }

    @Test func onlyOneOfSeveralWaysBecomesAConnection() async throws {
        let rig = try await ClusterRig()
        let limits = ConnectionRace.Limits(head: .zero, accepting: .minutes(5))
        for number in 0..<50 {
            let race = try rig.race(hosts: Array(repeating: "127.0.0.1", count: 5), limits: limits)
            let pilot = ConnectionProbe(try await race.run())
            pilot.connection.send([UInt8(number)])
            // Had the engine taken another one as well, that would come before or after this one.
            let engine = try #require(await rig.next())
            try #require(await engine.bytes(1) == [UInt8(number)])
            pilot.connection.close()
            #expect(await engine.end() == "the other side closed the connection")
        }
    }

    @Test func everyAddressIsNamedWithItsReason() async throws {
        let rig = try await ClusterRig()
        let race = try rig.race(hosts: ["127.0.0.2", "127.0.0.3", "nobody.invalid"])
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts.prefix(2) == ["127.0.0.2 (connection refused)", "127.0.0.3 (connection refused)"])
        #expect(error?.attempts.last?.hasPrefix("nobody.invalid (") == true)
        #expect(error?.description.contains("check that the run is not over") == true)
        #expect(error?.description.contains("Error") == false)
    }

    @Test func anEngineWithAnotherCertificateIsRefused() async throws {
        let (rig, other) = (try await ClusterRig(), try await ClusterRig())
        let race = try rig.race(port: other.listener.port)
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts == ["127.0.0.1 (what answers there is not the engine of this run)"])
        _ = try await (rig.pair(), other.pair())
    }

    @Test func aServerOfAnotherKindIsNoEngine() async throws {
        let rig = try await ClusterRig()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.execute {
                    channel.writeAndFlush(
                        ByteBuffer(string: "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"),
                        promise: nil
                    )
                }
                return channel.eventLoop.makeSucceededVoidFuture()
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let race = try rig.race(port: try #require(server.localAddress?.port))
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts == ["127.0.0.1 (what answers there is not an engine)"])
        try await server.close()
    }

    @Test func aSilentServerIsGivenUp() async throws {
        let rig = try await ClusterRig()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let limits = ConnectionRace.Limits(accepting: .milliseconds(500))
        let race = try rig.race(port: try #require(server.localAddress?.port), limits: limits)
        let error = await #expect(throws: PilotConnectError.self) { try await race.run() }
        #expect(error?.attempts == ["127.0.0.1 (it did not answer in time)"])
        try await server.close()
    }

    @Test func cancellingEndsTheWait() async throws {
        let rig = try await ClusterRig()
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let race = try rig.race(port: try #require(server.localAddress?.port))
        let attempt = Task { try await race.run() }
        attempt.cancel()
        await #expect(throws: CancellationError.self) { try await attempt.value }
        try await server.close()
    }

    @Test func aPilotConnectsAgain() async throws {
        let rig = try await ClusterRig()
        let invitation = try PilotInvitation(path: rig.listener.invitation)
        for _ in 0..<3 {
            let pilot = ConnectionProbe(try await invitation.connect())
            let engine = try #require(await rig.next())
            engine.connection.close()
            _ = await pilot.end()
        }
    }
}
