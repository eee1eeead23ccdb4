import Foundation
import Glibc
import ProgramTestSupport
import TestSupport
import Testing

@testable import FlowmancerCluster

/// A pilot in a process of its own.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct ClusterProcessTests {
    private func start(_ rig: ClusterRig) throws -> pid_t {
        try spawn(Products.path("cluster-peer"), ["cluster-peer", rig.listener.invitation])
    }

    private func end(_ process: pid_t) async throws {
        kill(process, SIGKILL)
        waitpid(process, nil, 0)
    }

    @Test func theDeathOfThePilotIsTold() async throws {
        let rig = try await ClusterRig()
        let process = try start(rig)
        let engine = try #require(await rig.next())
        engine.connection.send(pattern(100_000))
        #expect(await engine.bytes(100_000) == pattern(100_000))
        try await end(process)
        #expect(
            await engine.end()
                == "the other side ended without closing the connection: its process or its machine may have died"
        )
        #expect(engine.record.late == 0)
        await rig.listener.close()
    }

    @Test func theDeathOfABusyPilotIsTold() async throws {
        let rig = try await ClusterRig()
        let process = try start(rig)
        let engine = try #require(await rig.next())
        let piece = pattern(1_000_000)
        for _ in 0..<64 { engine.connection.send(piece) }
        _ = await engine.bytes(1_000_000)
        try await end(process)
        let reason = await engine.end()
        #expect(reason.hasPrefix("the other side "))
        #expect(engine.connection.unsentCount == 0)
        await rig.listener.close()
    }

    @Test func keysAreInNoListOfProcesses() async throws {
        let rig = try await ClusterRig()
        let process = try start(rig)
        let engine = try #require(await rig.next())
        let contents = try InvitationFile.read(rig.listener.invitation)
        let lines = contents.pilotKey.text.split(separator: "\n").filter { !$0.hasPrefix("-") }
        try #require(!lines.isEmpty)
        for owner in ["self", "\(process)"] {
            for file in ["cmdline", "environ"] {
                let bytes = try Data(contentsOf: URL(filePath: "/proc/\(owner)/\(file)"))
                let text = String(decoding: bytes, as: UTF8.self)
                for line in lines { #expect(!text.contains(line)) }
                #expect(!text.contains("PRIVATE KEY"))
            }
        }
        engine.connection.close()
        waitpid(process, nil, 0)
        await rig.listener.close()
    }
}
