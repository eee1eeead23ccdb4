@testable import Flowmancer
import FlowmancerCore
import Testing

/// The plug-ins of a job that names none.
@Suite struct DefaultPluginTests {
    @Test func typesOfTheProgramDoNotTakeTheirPlace() throws {
        var catalog = TypeCatalog()
        catalog.register(FileLogger.self)
        catalog.register(RichProgressBar.self)
        catalog.register(FileCheckpointer.self)
        catalog.register(FileHistory.self)
        // By these names only here: the other tests of this process find all types in it.
        catalog.register(OwnLogger.self, as: "FileLogger")
        catalog.register(OwnExtension.self, as: "RichProgressBar")
        catalog.register(OwnCheckpointer.self, as: "FileCheckpointer")
        catalog.register(OwnHistory.self, as: "FileHistory")
        catalog.register(Work.self)
        var job = JobDefinition()
        job.addTask("work", Work.self)
        #expect(JobValidator.validate(job, catalog: catalog).map(\.description) == [])
        #expect(try catalog.logger(named: job.loggers.values[0].variant).get() is FileLogger.Type)
        #expect(try catalog.extension(named: job.extensions.values[0].variant).get() is RichProgressBar.Type)
        #expect(try catalog.checkpointer(named: job.checkpointer.variant).get() is FileCheckpointer.Type)
        #expect(try catalog.history(named: job.history.variant).get() is FileHistory.Type)
    }

    private struct Work: FlowTask {
        func run() {}
    }

    private struct OwnLogger: FlowLogger {
        func update(_ event: TaskLogEvent) {}
    }

    private struct OwnExtension: FlowExtension {
        func update(_ event: ExecutionEvent) {}
    }

    private struct OwnCheckpointer: FlowCheckpointer {
        func writeCheckpoint(_ contents: CheckpointContents, for name: String) {}
        func readCheckpoint(for name: String) throws -> CheckpointContents { throw NoCheckpointAvailableError(name) }
        func clearCheckpoint(for name: String) {}
    }

    private struct OwnHistory: FlowHistory {
        func beginRun(_ run: RunRecord, _ shape: RunShape) -> (any RunRecorder)? { nil }
        func runs(_ query: RunQuery) -> RunPage { RunPage() }
        func openRun(_ id: RunID, after number: Int) -> (any RunReader)? { nil }
        func removeRun(_ id: RunID) {}
    }
}
