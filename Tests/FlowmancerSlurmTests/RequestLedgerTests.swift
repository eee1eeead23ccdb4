import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerSlurm

struct RequestLedgerTests {
    private let run = RunID()
    private func token(_ number: Int) -> PilotToken { PilotToken(run: run, executor: "c", number: number) }

    @Test func linesAreReadBack() async throws {
        let directory = try TemporaryDirectory()
        #expect(try RequestLedger.read(in: directory.path) == nil)
        let ledger = try RequestLedger(in: directory.path)
        try ledger.append(.asking(token(1)))
        try ledger.append(.accepted(token(1), job: 17))
        // A later run of the same directory adds to it.
        try RequestLedger(in: directory.path).append(.asking(token(2)))
        #expect(directory.mode("slurm-jobs") == 0o600)
        #expect(try RequestLedger.read(in: directory.path)?.jobs == [token(1): 17, token(2): nil])
    }

    @Test func whatWasCutOffDoesNotCount() {
        #expect(RequestRecord("asking \(token(1))\naccepted 17 \(token(1))").jobs == [token(1): nil])
        #expect(RequestRecord("asking \(token(1))").jobs.isEmpty)
        #expect(RequestRecord("").jobs.isEmpty)
        #expect(RequestRecord("something\n\naccepted x \(token(1))\nasking x\n").jobs.isEmpty)
    }

    @Test func pilotsAreFoundByTheirTokens() {
        let record = RequestRecord("asking \(token(1))\naccepted 17 \(token(1))\nasking \(token(2))\n")
        let listing = QueueListing(
            """
            17_1|RUNNING|None|node1|\(token(1))|flowmancer-x
            17_2|COMPLETED|None|node1|\(token(1))|flowmancer-x
            18_1|PENDING|Priority||\(token(2))|flowmancer-x
            19|CANCELLED|None||\(token(2))|flowmancer-x
            20_1|RUNNING|None|node1|\(token(3))|flowmancer-x
            21_1|RUNNING|None|node1|(null)|flowmancer-x

            """
        )
        let pilots = record.pilots(in: listing)
        #expect(pilots.keys.sorted() == ["17_1", "17_2", "18_1", "19"])
        #expect(pilots["17_1"] == .running)
    }

    @Test func leftoversAreEnded() async throws {
        let directory = try TemporaryDirectory()
        let ledger = try RequestLedger(in: directory.path)
        let token = token(1)
        try ledger.append(.asking(token))
        let commands = ScriptedCommands { call in
            call.program == "squeue"
                ? .success(
                    "17_1|RUNNING|None|node1|\(token)|x\n17_2|FAILED|x|node1|\(token)|x\n9_1|RUNNING|None|node1|x|x\n"
                )
                : .success()
        }
        let left = try await Slurm.releaseLeftovers(in: directory.path, queue: SlurmQueue(commands: commands))
        #expect(left == ["17_1": .running])
        #expect(commands.calls.last?.words == ["scancel", "--quiet", "17"])
    }

    @Test func withoutARecordSlurmIsNotAsked() async throws {
        let directory = try TemporaryDirectory()
        let commands = ScriptedCommands { _ throws(SlurmError) in throw SlurmError("not to be asked") }
        let left = try await Slurm.releaseLeftovers(in: directory.path, queue: SlurmQueue(commands: commands))
        #expect(left.isEmpty)
    }
}
