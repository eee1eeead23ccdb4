import FlowmancerCore
import Testing

@testable import FlowmancerEngine

@Suite struct HostedCheckpointerTests {
    @Test func anErrorWithoutWordsGetsSome() async throws {
        let checkpointer = HostedCheckpointer(Failing(), jobName: "job", context: .current) { _ in }
        let bare = await #expect(throws: HostedCheckpointer.BareError.self) {
            _ = try await checkpointer.read(within: .seconds(60), interruption: Latch())
        }
        #expect(bare?.description == "the checkpointer failed to read the checkpoint: Boom()")
        await #expect(throws: NoCheckpointAvailableError.self) {
            _ = try await checkpointer.acquireLock(within: .seconds(60), interruption: Latch())
        }
    }

    private struct Boom: Error {}

    private struct Failing: FlowCheckpointer {
        func writeCheckpoint(_ contents: CheckpointContents, for name: String) throws { throw Boom() }
        func readCheckpoint(for name: String) throws -> CheckpointContents { throw Boom() }
        func clearCheckpoint(for name: String) throws { throw Boom() }
        func acquireLock(for name: String) throws -> (any CheckpointLock)? { throw NoCheckpointAvailableError(name) }
    }
}
