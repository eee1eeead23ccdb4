import OrderedCollections
import TestSupport
import Testing

@testable import FlowmancerCore

/// Kinds of tasks that are no Swift types.
@Suite struct TaskKindTests {
    private let catalog: TypeCatalog = {
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        catalog.register(Store.self)
        catalog.register(JobValidatorTests.Keep.self)
        catalog.add(TaskKind.upload)
        return catalog
    }()

    private func job(_ parameters: OrderedDictionary<String, ParameterValue>) -> JobDefinition {
        var job = JobDefinition(name: "job")
        (job.loggers, job.extensions, job.checkpointer) = ([:], [:], PluginDefinition("Store"))
        job.history = PluginDefinition("Keep")
        job.tasks["a"] = TaskDefinition("Upload", parameters: parameters)
        return job
    }

    @Test func aKindIsFoundByItsNames() throws {
        for name in ["Upload", "Scripts.Upload"] {
            let kind = try catalog.task(named: name).get()
            #expect(kind.symbol == "scripts/upload" && kind.runtime == .swift && kind.type == nil)
        }
        let entry = try #require(catalog.entries(of: .task).first)
        #expect(entry.name == "Upload" && entry.module == "Scripts" && entry.abstract == "Uploads a file.")
        #expect(catalog.modules.contains("Scripts"))
        #expect(catalog.taskTypes.count == 1)
    }

    @Test func theParametersOfATaskAreCheckedByTheDescription() {
        #expect(JobValidator.validate(job(["file": "a", "max_rate": "20"]), catalog: catalog).isEmpty)
        let issues = JobValidator.validate(job(["maxRate": 500, "tokn": "x", "timeout": 5]), catalog: catalog)
        #expect(
            issues.map { "\($0.path): \($0.message)" } == [
                "tasks.a.parameters: the required key 'file' is missing; expected text",
                "tasks.a.parameters.maxRate: expected an integer from 1 to 100, found the number 500",
                "tasks.a.parameters.tokn: unknown key 'tokn'; did you mean 'token'?",
                "tasks.a.parameters.timeout: 'timeout' is a key of the task, not one of the parameters of its type; write it "
                    + "beside 'parameters'",
            ]
        )
    }

    @Test func variablesWithoutAValueAreRefusedByTheDescription() {
        var job = job(["file": "", "token": "x-"])
        job.unsetVariables = [
            UnsetVariable("$ENV{A}", nearest: nil, at: ParameterPath("tasks", "a", "parameters", "file"), text: ""),
            UnsetVariable("$ENV{B}", nearest: nil, at: ParameterPath("tasks", "a", "parameters", "token"), text: "x-"),
        ]
        let problems = JobValidator.validate(job, catalog: catalog).filter { $0.severity == .error }.map(\.problem)
        #expect(
            problems == [
                .variable(.emptyParameter("$ENV{A}", nearest: nil)),
                .variable(.incompleteSecret("$ENV{B}", nearest: nil)),
            ]
        )
    }

    @Test func secretsAreFoundByTheDescription() {
        let secrets = JobSecrets(job(["file": "a", "token": "the-token"]), catalog: catalog)
        #expect(secrets.texts == ["the-token"])
        #expect(secrets.redactedJob.tasks["a"]?.parameters == ["file": "a", "token": "***"])
        let issues = JobValidator.validate(job(["file": "a", "token": 12345]), catalog: catalog)
        #expect(issues.count == 1 && !"\(issues)".contains("12345"))
    }

    @Test func aTypeIsAlwaysTheSameKind() throws {
        let kind = try catalog.task(named: "Work").get()
        #expect(kind === TaskKind.of(Work.self))
        #expect(TaskDefinition(Work.self).kind === kind)
        #expect(kind.symbol == TaskKind.symbol(of: Work.self) && kind.symbol != kind.qualifiedName)
        // The runtime does not find a private type by its mangled name.
        #expect(TaskKind.of(Hidden.self).symbol == TypeName.qualified(Hidden.self))
    }

    struct Work: FlowTask { func run() async throws {} }

    private struct Hidden: FlowTask { func run() async throws {} }

    actor Store: FlowCheckpointer {
        func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {}
        func readCheckpoint(for name: String) async throws -> CheckpointContents { CheckpointContents(name: name) }
        func clearCheckpoint(for name: String) async throws {}
    }
}
