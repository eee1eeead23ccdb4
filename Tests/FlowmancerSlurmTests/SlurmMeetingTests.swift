import FlowmancerCore
import FlowmancerSystem
import Foundation
import ProgramTestSupport
import Synchronization
import TestSupport
import Testing

@testable import FlowmancerSlurm

/// Engine and pilots of a real cluster, from the request to the connection.
@Suite(.ownThread, .enabled(if: SlurmCluster.isAvailable, "\(SlurmCluster.obstacle ?? "")"), .timeLimit(.minutes(5)))
struct SlurmMeetingTests {
    @Test func pilotsConnectWithTheirEngine() async throws {
        let cluster = try SlurmCluster(["--nodes", "2", "--cpus", "2"])
        let directory = try TemporaryDirectory()
        let site = PilotSite.sample(
            in: directory.path,
            program: Products.path("slurm-pilot"),
            arguments: ["it's", "a pilot"]
        )
        var issues: [JobIssue] = []
        let slurm = Slurm(["nodes": 2, "cpus": 2, "listen": "127.0.0.1"], issues: &issues)
        let (greetings, continuation) = AsyncStream<String>.makeStream()
        let connections = Mutex<[any PilotConnection]>([])
        let queue = SlurmQueue(commands: InstalledSlurmCommands(environment: ["SLURM_CONF": cluster.configuration]))
        let provider = try await slurm.open(site, queue: queue) { connection in
            connections.withLock { $0.append(connection) }
            connection.begin { event in
                if case .received(let bytes) = event { continuation.yield(String(decoding: bytes, as: UTF8.self)) }
            }
        }
        let pilots = try await provider.request(2)
        var told: Set<String> = []
        for await greeting in greetings {
            told.insert(greeting)
            if told.count == 2 { break }
        }
        #expect(Set(told.compactMap { $0.split(separator: " ").first.map(String.init) }) == Set(pilots))
        #expect(
            Set(told.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }) == ["node1 2\n", "node2 2\n"]
        )
        // The engine ends the connections, and the pilots end by themselves.
        connections.withLock { connections in connections.forEach { $0.close() } }
        var states: [String: PilotState] = [:]
        while !(states.count == 2 && states.values.allSatisfy(\.isOver)) {
            states = try await provider.states(of: pilots)
        }
        #expect(
            Set(states.values)
                == ["node1", "node2"].reduce(into: []) { states, node in
                    states.insert(.over(reason: "COMPLETED on \(node): it has ended"))
                }
        )
        await provider.close()
        #expect(!FileManager.default.fileExists(atPath: "\(directory.path)/invitation"))
    }
}
