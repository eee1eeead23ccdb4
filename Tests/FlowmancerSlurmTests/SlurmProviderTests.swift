import FlowmancerCore
import Synchronization
import TestSupport
import Testing

@testable import FlowmancerSlurm

struct SlurmProviderTests {
    private func provider(
        _ commands: ScriptedCommands,
        in directory: TemporaryDirectory,
        close: @escaping @Sendable () async -> Void = {}
    ) throws -> SlurmProvider {
        let site = PilotSite.sample(in: directory.path)
        return SlurmProvider(
            Submission(site, invitation: "/i", parameters: Slurm()),
            site: site,
            queue: SlurmQueue(commands: commands),
            ledger: try RequestLedger(in: directory.path),
            entrance: PilotEntrance(invitation: "/i", close: close)
        )
    }

    /// The comment that a call of `sbatch` gives.
    private static func token(_ call: ScriptedCommands.Call) -> String {
        String(call.words.first { $0.hasPrefix("--comment=") }?.dropFirst(10) ?? "")
    }

    @Test func oneCallAsksForManyPilots() async throws {
        let directory = try TemporaryDirectory()
        let commands = ScriptedCommands { _ in .success("17\n") }
        #expect(try await provider(commands, in: directory).request(3) == ["17_1", "17_2", "17_3"])
        #expect(commands.calls.count == 1)
        #expect(commands.calls[0].words.contains("--array=1-3"))
        #expect(commands.calls[0].input?.hasPrefix("#!/bin/bash\n") == true)
        let record = try RequestLedger.read(in: directory.path)
        #expect(record?.jobs.values.map { $0 } == [17])
    }

    @Test func veryManyPilotsTakeSeveralCalls() async throws {
        let directory = try TemporaryDirectory()
        let count = Mutex(0)
        let commands = ScriptedCommands { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            // What was accepted before a refusal counts.
            return number < 3 ? .success("\(number)\n") : .failure("sbatch: error: QOSMaxSubmitJobPerUserLimit")
        }
        let pilots = try await provider(commands, in: directory).request(2_500)
        #expect(pilots.count == 2_000)
        #expect(Set(pilots).count == 2_000)
        #expect(commands.calls.count == 3)
    }

    @Test func refusalsAreThrown() async throws {
        let directory = try TemporaryDirectory()
        let lasting = ScriptedCommands { _ in .failure("sbatch: error: invalid partition specified: x") }
        await #expect(throws: PilotRefusal.self) { try await provider(lasting, in: directory).request(1) }
        let passing = ScriptedCommands { _ in .failure("sbatch: error: QOSMaxSubmitJobPerUserLimit") }
        await #expect(throws: SlurmError.self) { try await provider(passing, in: directory).request(1) }
    }

    @Test func statesComeFromOneCall() async throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("one\n\nnode2: no such program\n".utf8), to: "pilot-17_2.log")
        try directory.write(Array("fine\n".utf8), to: "pilot-17_3.log")
        let commands = ScriptedCommands { call in
            guard call.program == "squeue" else { return .success("17\n") }
            return .success(
                "17_1|PENDING|Resources||x|x\n17_2|FAILED|NonZeroExitCode|node2|x|x\n17_3|COMPLETED|None|node2|x|x\n"
            )
        }
        let provider = try provider(commands, in: directory)
        _ = try await provider.request(4)
        #expect(
            try await provider.states(of: ["17_1", "17_2", "17_3", "17_4"]) == [
                "17_1": .waiting(reason: "Resources: it waits for a free node"),
                "17_2": .over(
                    reason: "FAILED on node2 (NonZeroExitCode); its last output: one; node2: no such program"
                ),
                "17_3": .over(reason: "COMPLETED on node2: it has ended"),
                "17_4": .over(reason: "Slurm does not know it any more"),
            ]
        )
        #expect(commands.calls.count == 2)
        #expect(try await provider.states(of: []).isEmpty)
    }

    @Test func jobsThatNobodyKnowsAreOver() async throws {
        let directory = try TemporaryDirectory()
        let commands = ScriptedCommands { _ in .failure("slurm_load_jobs error: Invalid job id specified") }
        let states = try await provider(commands, in: directory).states(of: ["9_1"])
        #expect(states == ["9_1": .over(reason: "Slurm does not know it any more")])
    }

    @Test func silentControllerIsAnError() async throws {
        let directory = try TemporaryDirectory()
        let words = "Unable to contact slurm controller (connect failure)"
        let commands = ScriptedCommands { _ in .failure("slurm_load_jobs error: \(words)") }
        let provider = try provider(commands, in: directory)
        await #expect(throws: SlurmError("'squeue' exited with code 1: slurm_load_jobs error: \(words)")) {
            try await provider.states(of: ["9_1"])
        }
        await #expect(throws: SlurmError.self) { try await provider.release(["9_1"]) }
        await #expect(throws: SlurmError.self) { try await provider.request(1) }
    }

    @Test func releaseIsOneCall() async throws {
        let directory = try TemporaryDirectory()
        let commands = ScriptedCommands { _ in
            .failure("scancel: error: Kill job error on job id 9_1: Invalid job id specified")
        }
        let provider = try provider(commands, in: directory)
        try await provider.release(["17_1", "17_2", "9_1"])
        try await provider.release([])
        #expect(commands.calls.map(\.words) == [["scancel", "--quiet", "9_[1]", "17_[1-2]"]])
    }

    /// An answer that got lost: the pilots that Slurm accepted all the same are ended when it answers again.
    @Test func unansweredRequestsAreEnded() async throws {
        let directory = try TemporaryDirectory()
        let lost = Mutex("")
        let commands = ScriptedCommands { call in
            switch call.program {
            case "sbatch":
                lost.withLock { $0 = Self.token(call) }
                return .failure("sbatch: error: Batch job submission failed: Socket timed out on send/recv operation")
            case "squeue":
                let token = lost.withLock { $0 }
                return .success(
                    "20_1|PENDING|Priority||\(token)|x\n20_2|PENDING|Priority||\(token)|x\n21_1|RUNNING|None|n|x|x\n"
                )
            default:
                return .success()
            }
        }
        let provider = try provider(commands, in: directory)
        await #expect(throws: SlurmError.self) { try await provider.request(2) }
        _ = try await provider.states(of: [])
        #expect(commands.calls.map(\.program) == ["sbatch", "squeue", "scancel"])
        #expect(commands.calls.last?.words == ["scancel", "--quiet", "20"])
        _ = try await provider.states(of: [])
        #expect(commands.calls.count == 3)
    }

    @Test func unansweredRequestsAreLookedForSomeTimes() async throws {
        let directory = try TemporaryDirectory()
        let commands = ScriptedCommands { call in
            call.program == "sbatch" ? SlurmResult(end: .overdue) : .success()
        }
        let provider = try provider(commands, in: directory)
        await #expect(throws: SlurmError.self) { try await provider.request(2) }
        for _ in 0..<20 { _ = try await provider.states(of: []) }
        #expect(commands.calls.count == 11)
        #expect(!commands.calls.contains { $0.program == "scancel" })
    }

    @Test func closingEndsWhatIsNotOver() async throws {
        let directory = try TemporaryDirectory()
        let isClosed = Mutex(false)
        let commands = ScriptedCommands { call in
            switch call.program {
            case "sbatch": .success("17\n")
            case "squeue": .success("17_1|COMPLETED|None|node1|x|x\n17_2|RUNNING|None|node1|x|x\n")
            default: .success()
            }
        }
        let provider = try provider(commands, in: directory) { isClosed.withLock { $0 = true } }
        _ = try await provider.request(2)
        _ = try await provider.states(of: ["17_1", "17_2"])
        await provider.close()
        #expect(isClosed.withLock { $0 })
        #expect(commands.calls.last?.words == ["scancel", "--quiet", "17_[2]"])
        await #expect(throws: CancellationError.self) { try await provider.request(1) }
    }

    @Test func outputIsCutToItsEnd() {
        #expect(PilotOutput.lastLines("") == nil)
        #expect(PilotOutput.lastLines(" \n\n") == nil)
        #expect(PilotOutput.lastLines("a\nb\r\nc\n\nd\u{1B}[0m\n") == "b; c; d\\u{1B}[0m")
        #expect(PilotOutput.lastLines("half\nwhole\n", isCut: true) == "whole")
    }
}
