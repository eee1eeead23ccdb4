import FlowmancerCore
import Foundation
import ProgramTestSupport
import TestSupport
import Testing

@testable import FlowmancerSlurm

/// A real cluster, and a program that is a pilot to it.
@Suite(
    .ownThread,
    .enabled(if: SlurmCluster.isAvailable, "\(SlurmCluster.obstacle ?? "")"),
    .serialized,
    .timeLimit(.minutes(5))
)
struct SlurmClusterTests {
    @Test func pilotsWaitRunAndEnd() async throws {
        let bench = try await ClusterBench(["--nodes", "2", "--cpus", "1"])
        let pilots = try await bench.provider.request(3)
        #expect(pilots.count == 3)
        let states = try await bench.states(of: pilots) { states in states.values.count { $0 == .running } == 2 }
        let waiting = try #require(pilots.first { states[$0] != .running })
        guard case .waiting = states[waiting] else {
            Issue.record("not waiting: \(states)")
            return
        }
        let first = try #require(pilots.first { $0 != waiting })
        let surroundings = try await bench.surroundings(of: first)
        #expect(surroundings.id == first)
        #expect(["node1", "node2"].contains(surroundings.node))
        #expect(surroundings.capacity == NodeCapacity(processors: 1, memory: 2_000 << 20))
        // One ends by itself, and the next one starts.
        try bench.end(first)
        let later = try await bench.states(of: pilots) { $0[first]?.isOver == true && $0[waiting] == .running }
        #expect(later[first] == .over(reason: "COMPLETED on \(surroundings.node): it has ended"))
        // The others are told to end.
        _ = try await bench.surroundings(of: waiting)
        try await bench.provider.release(pilots)
        let last = try await bench.states(of: pilots) { $0.values.allSatisfy(\.isOver) }
        #expect(last[waiting]?.reason?.hasPrefix("CANCELLED") == true)
        #expect(try bench.directory.text("term-\(waiting)") == "TERM\n")
        // That was all: nothing is left of them, and nobody minds that they are released once more.
        try await bench.provider.release(pilots + ["999999_1"])
    }

    @Test func pilotsGetWhatTheyAskFor() async throws {
        let bench = try await ClusterBench(
            ["--nodes", "1", "--cpus", "8", "--gpus", "4", "--memory", "8000"],
            parameters: ["cpus": 2, "memory": "1G", "gpus": 2, "time": "5m", "options": ["--exclusive=user"]]
        )
        let pilots = try await bench.provider.request(1)
        let capacity = try await bench.surroundings(of: pilots[0]).capacity
        #expect(capacity == NodeCapacity(processors: 2, memory: 1 << 30, graphicsProcessors: ["0", "1"]))
        let record = try bench.cluster.run("scontrol", "show", "job", pilots[0])
        #expect(record.contains("Requeue=0") && record.contains("TimeLimit=00:05:00"))
    }

    @Test func recordsOfSlurmHaveNoKey() async throws {
        let bench = try await ClusterBench(["--nodes", "1"])
        let pilots = try await bench.provider.request(2)
        _ = try await bench.states(of: pilots) { $0.values.allSatisfy { $0 == .running } }
        var records = try [
            bench.cluster.run("scontrol", "show", "job", "--details"), bench.cluster.run("squeue", "--json"),
        ]
        for pilot in pilots {
            records.append(try bench.cluster.run("scontrol", "write", "batch_script", pilot, "-"))
            let environment = try await bench.environment(of: pilot)
            let strange = environment.keys.filter { name in
                !SlurmEnvironment.isKept(name) && !name.hasPrefix("SLURM") && !ClusterBench.ownNames.contains(name)
            }
            #expect(strange.isEmpty)
            let pid = try #require(environment["SLURM_TASK_PID"])
            records.append(try text(ofFile: "/proc/\(pid)/environ"))
            records.append(try text(ofFile: "/proc/\(pid)/cmdline"))
        }
        #expect(records.contains { $0.contains(bench.invitation) })
        records += bench.cluster.files.compactMap { try? text(ofFile: $0) }
        #expect(!records.contains { $0.contains(ClusterBench.key) })
    }

    private func text(ofFile path: String) throws -> String {
        try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    }

    @Test func refusalNamesTheParameter() async throws {
        let bench = try await ClusterBench(["--nodes", "1"], parameters: ["partition": "nope"])
        await #expect {
            try await bench.provider.request(1)
        } throws: { error in
            error is PilotRefusal
                && "\(error)" == "Slurm accepts no pilots: invalid partition specified: nope; Invalid partition name "
                    + "specified; set 'partition' to one that 'sinfo --summarize' lists"
        }
    }

    @Test func pilotThatNeverStartsSaysWhy() async throws {
        let bench = try await ClusterBench(["--nodes", "1"], parameters: ["time": "3d"])
        let pilots = try await bench.provider.request(1)
        let states = try await bench.states(of: pilots) {
            $0[pilots[0]]?.reason?.hasPrefix("PartitionTimeLimit") == true
        }
        #expect(states[pilots[0]]?.reason?.contains("'time' exceeds") == true)
    }

    @Test func whatAPilotPrintsIsTold() async throws {
        let bench = try await ClusterBench(["--nodes", "1"], program: "/no/such program")
        let pilots = try await bench.provider.request(1)
        let states = try await bench.states(of: pilots) { $0.values.allSatisfy(\.isOver) }
        let reason = try #require(states[pilots[0]]?.reason)
        #expect(reason.hasPrefix("FAILED on node1 (NonZeroExitCode); its last output: node1: there is no program"))
        #expect(reason.contains("'/no/such program'"))
    }

    @Test func missingDirectoryIsGuessed() async throws {
        let bench = try await ClusterBench(["--nodes", "1"])
        try FileManager.default.removeItem(atPath: bench.site.directory)
        let pilots = try await bench.provider.request(1)
        let states = try await bench.states(of: pilots) { $0.values.allSatisfy(\.isOver) }
        #expect(states[pilots[0]]?.reason?.contains("probably the app root is not in a file system") == true)
    }

    @Test func nodeThatIsDownIsUnreachable() async throws {
        let bench = try await ClusterBench(["--nodes", "1"])
        let pilots = try await bench.provider.request(1)
        _ = try await bench.states(of: pilots) { $0[pilots[0]] == .running }
        try bench.cluster.run("scontrol", "update", "nodename=node1", "state=down", "reason=test")
        let states = try await bench.states(of: pilots) { $0[pilots[0]] != .running }
        #expect(states[pilots[0]] == .unreachable(reason: "NODE_FAIL on node1 (NodeDown): its machine does not answer"))
    }

    @Test func pilotsOutliveTheController() async throws {
        let bench = try await ClusterBench(["--nodes", "1"])
        let pilots = try await bench.provider.request(2)
        _ = try await bench.states(of: pilots) { $0.values.allSatisfy { $0 == .running } }
        try bench.cluster.stop("slurmctld")
        // Each one takes seconds to give up.
        async let states = fails { _ = try await bench.provider.states(of: pilots) }
        async let request = fails { _ = try await bench.provider.request(1) }
        async let release = fails { try await bench.provider.release(pilots) }
        let failures = await [states, request, release]
        #expect(failures == [true, true, true])
        try bench.cluster.start()
        #expect(try await bench.provider.states(of: pilots).values.allSatisfy { $0 == .running })
        await bench.provider.close()
        _ = try await bench.states(of: pilots) { $0.values.allSatisfy(\.isOver) }
    }

    private func fails(_ body: @Sendable () async throws -> Void) async -> Bool {
        do {
            try await body()
            return false
        } catch {
            return error is SlurmError
        }
    }

    /// The controller accepts a request after `sbatch` has given up waiting.
    @Test func lostAnswersLeaveNoPilots() async throws {
        let bench = try await ClusterBench(["--nodes", "1"])
        try bench.cluster.signal(SIGSTOP, "slurmctld")
        await #expect(throws: SlurmError.self) { try await bench.provider.request(2) }
        try bench.cluster.signal(SIGCONT, "slurmctld")
        let entries = try await bench.entries { entries in
            _ = try? await bench.provider.states(of: [])
            return !entries.isEmpty && entries.allSatisfy { PilotState($0).isOver }
        }
        #expect(entries.allSatisfy { $0.state == "CANCELLED" })
    }

    @Test func leftoversAreEnded() async throws {
        let bench = try await ClusterBench(["--nodes", "1", "--cpus", "1"])
        let pilots = try await bench.provider.request(2)
        _ = try await bench.states(of: pilots) { $0.values.contains(.running) }
        let before = try await Slurm.releaseLeftovers(in: bench.site.directory, queue: bench.queue)
        #expect(Set(before.keys) == Set(pilots))
        _ = try await bench.entries { entries in entries.allSatisfy { PilotState($0).isOver } }
        #expect(try await Slurm.releaseLeftovers(in: bench.site.directory, queue: bench.queue).isEmpty)
    }

    @Test(.enabled(if: access("/usr/sbin/ip", X_OK) == 0, "Debian's package iproute2 is not installed"))
    func nodeThatIsCutOffIsUnreachable() async throws {
        let bench = try await ClusterBench(["--nodes", "2", "--cpus", "1", "--namespaces"])
        let pilots = try await bench.provider.request(2)
        _ = try await bench.states(of: pilots) { $0.values.allSatisfy { $0 == .running } }
        let lost = try await bench.pilot(on: "node1", among: pilots)
        try await bench.setLink("down", of: "node1")
        let states = try await bench.states(of: pilots) { $0[lost] != .running }
        #expect(states[lost]?.reason?.hasPrefix("NODE_FAIL on node1") == true)
        #expect(states.values.count { $0 == .running } == 1)
        // The node comes back without it.
        try await bench.setLink("up", of: "node1")
        _ = try await bench.nodes { $0.contains("node1 idle") }
    }
}

extension PilotState {
    fileprivate var reason: String? {
        switch self {
        case .waiting(let reason), .over(let reason), .unreachable(let reason): reason
        case .running: nil
        }
    }
}
