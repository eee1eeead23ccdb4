@testable import Flowmancer
import FlowmancerCore
import Testing

/// The plug-ins of a job that names none.
@Suite struct DefaultPluginTests {
    @Test func typesOfTheProgramDoNotTakeTheirPlace() throws {
        var catalog = TypeCatalog()
        let own: [any ParameterGroup.Type] = [Own.FileLogger.self, Own.RichProgressBar.self, Own.FileCheckpointer.self]
        let builtIn: [any ParameterGroup.Type] = [FileLogger.self, RichProgressBar.self, FileCheckpointer.self]
        for type in own + builtIn { catalog.register(type) }
        catalog.register(Work.self)
        var job = JobDefinition()
        job.addTask("work", Work.self)
        #expect(JobValidator.validate(job, catalog: catalog).map(\.description) == [])
        #expect(try catalog.logger(named: job.loggers.values[0].variant).get() is FileLogger.Type)
        #expect(try catalog.extension(named: job.extensions.values[0].variant).get() is RichProgressBar.Type)
        #expect(try catalog.checkpointer(named: job.checkpointer.variant).get() is FileCheckpointer.Type)
    }

    private struct Work: FlowTask {
        func run() {}
    }

    private enum Own {
        struct FileLogger: FlowLogger {
            func update(_ event: LogEvent) {}
        }

        struct RichProgressBar: FlowExtension {
            func update(_ event: ExecutionEvent) {}
        }

        struct FileCheckpointer: FlowCheckpointer {
            func writeCheckpoint(_ contents: CheckpointContents, for name: String) {}
            func readCheckpoint(for name: String) throws -> CheckpointContents {
                throw NoCheckpointAvailableError(name)
            }
            func clearCheckpoint(for name: String) {}
        }
    }
}
