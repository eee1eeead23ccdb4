import FlowmancerCore
import Testing

@Suite struct JobValidatorTests {
    @Test func aSoundJobHasNoIssues() {
        #expect(issues { _ in } == [])
    }

    @Test(
        arguments: [
            ("", "a task needs a name"), ("/abs", "absolute"), ("a/../b", "'..'"), ("..", "'..'"),
            ("a\nb", "control characters"), ("\u{7f}", "control characters"),
        ]
    )
    func namesThatLeaveTheLogDirectoryAreErrors(name: String, reason: String) {
        let found = issues { $0.addTask(name, Work.self) }
        #expect(found.count == 1)
        #expect(found.first?.contains(reason) == true)
    }

    @Test(arguments: ["a", "a b", "a/b", "..a", "日本"])
    func otherNamesAreFine(name: String) {
        #expect(issues { $0.addTask(name, Work.self) } == [])
    }

    @Test func patternsStandForTasks() {
        let found = issues { job in
            job.addTask("load-eu", Work.self)
            job.addTask("load-us", Work.self)
            job.addTask("what?", Work.self)
            job.addTask("sum", Work.self, dependsOn: ["load-*", "loda-*", "load-?", "what?", "*"])
        }
        #expect(
            found == [
                "tasks.sum.dependencies[1]: no task has a name that matches 'loda-*'; did you mean 'load-eu' or 'load-us'?",
                "tasks.sum.dependencies[2]: no task has a name that matches 'load-?'; did you mean 'load-eu' or 'load-us'?",
            ]
        )
        #expect(issues { $0.addTask("alone", Work.self, dependsOn: ["*"]) } == [])
    }

    @Test func packagesAreModulesOfTheProgram() {
        let found = issues { $0.configuration.extensionPackages = ["FlowmancerCoreTests", "my-package"] }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("config.extension_packages[1]: no module 'my-package'") == true)
        #expect(found.first?.contains(#".product(name: "my-package", package: "…")"#) == true)
    }

    @Test func everythingIsReportedAtOnce() {
        let found = issues { job in
            job.configuration.name = ""
            job.addTask("self", Work.self, dependsOn: ["self"])
            job.addTask("lost", Work.self, dependsOn: ["first", "frist"]) { $0.maxAttempts = 0 }
            job.addTask("ring", Work.self, dependsOn: ["rung"])
            job.addTask("rung", Work.self, dependsOn: ["ring"], parameters: ["amount": "x", "amuont": 1])
            job.tasks["strange"] = TaskDefinition("Wrok")
            job.loggers["l"] = PluginDefinition("NoLogger")
            job.loggers["m"] = PluginDefinition("Log", parameters: ["depht": 1])
            job.extensions["e"] = PluginDefinition("NoExtension")
            job.checkpointer = PluginDefinition("NoCheckpointer")
        }
        #expect(
            found.map { $0.split(separator: ";")[0] } == [
                "config.name: '' cannot be a name: a job needs a name, for its checkpoints",
                "tasks.self.dependencies[0]: a task cannot depend on itself",
                "tasks.lost.max_attempts: expected at least 1, found the number 0",
                "tasks.lost.dependencies[1]: no task is named 'frist'",
                "tasks.rung.parameters.amount: expected an integer, found the text \"x\"",
                "tasks.rung.parameters.amuont: unknown key 'amuont'",
                "tasks.strange.task: no task type is named 'Wrok'",
                "tasks.ring.dependencies: the tasks depend on each other in a circle: ring → rung → ring",
                "loggers.l.logger: no logger type is named 'NoLogger'",
                "loggers.m.parameters.depht: unknown key 'depht'",
                "extensions.e.extension: no extension type is named 'NoExtension'",
                "checkpointer.checkpointer: no checkpointer type is named 'NoCheckpointer'",
            ]
        )
        #expect(found.filter { $0.contains("did you mean") }.count == 4)
    }

    @Test func timeLimitsArePositive() {
        let found = issues { job in
            job.configuration.taskTimeout = .limited(to: .zero)
            job.addTask("none", Work.self) { $0.timeout = .limited(to: .zero) }
            job.addTask("less", Work.self) { $0.timeout = .limited(to: .seconds(-1)) }
            job.addTask("some", Work.self) { $0.timeout = .limited(to: .nanoseconds(1)) }
            job.tasks["some"]?.timeout = .unlimited
        }
        #expect(
            found == [
                "config.task_timeout: expected a time limit of more than 0 seconds, or none for no limit, found 0 s",
                "tasks.none.timeout: expected a time limit of more than 0 seconds, or none for no limit, found 0 s",
                "tasks.less.timeout: expected a time limit of more than 0 seconds, or none for no limit, found -1 s",
            ]
        )
    }

    @Test func aCycleIsReportedAlsoBesideASelfDependency() {
        let found = issues { job in
            job.addTask("a", Work.self, dependsOn: ["a"])
            job.addTask("b", Work.self, dependsOn: ["c"])
            job.addTask("c", Work.self, dependsOn: ["b"])
        }
        #expect(found.contains { $0.contains("circle") })
    }

    @Test func aJobWithoutTasksIsAnError() {
        #expect(
            issues { $0.tasks = [:] } == ["the required key 'tasks' is missing; expected at least one task"]
        )
    }

    // MARK: Names of types

    @Test func typesAnswerToBothTheirNames() throws {
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        #expect(try catalog.task(named: "Work").get().type is Work.Type)
        #expect(try catalog.task(named: String(reflecting: Work.self)).get().type is Work.Type)
        catalog.register(Work.self, as: "labour")
        #expect(try catalog.task(named: "labour").get().type is Work.Type)
        // Registering a type again changes nothing.
        catalog.register(Work.self)
        #expect(try catalog.task(named: "Work").get().type is Work.Type)
    }

    @Test func aTypeOfAnOptionalProductIsSaidToBeInIt() {
        let found = issues { job in
            job.extensions = [
                "slack": PluginDefinition("SlackWebhookNotification"),
                "otlp": PluginDefinition("FlowmancerTelemetry.TracingExtension"),
                "misplaced": PluginDefinition("SQLiteCheckpointer"),
            ]
            job.checkpointer = PluginDefinition("SQLiteCheckpointer")
        }
        let postgres = issues { $0.checkpointer = PluginDefinition("PostgresCheckpointer") }
        #expect(
            postgres == [
                "checkpointer.checkpointer: no checkpointer type is named 'PostgresCheckpointer'; the type comes with the "
                    + "product FlowmancerPostgres: in Package.swift, add .product(name: \"FlowmancerPostgres\", package: "
                    + "\"flowmancer\") to the dependencies of this program's target, add traits: [\"Postgres\"] to "
                    + ".package(…) of flowmancer, and build it again"
            ]
        )
        let texts = found.filter { $0.contains("type is named") }
        #expect(texts.count == 4)
        let instruction = #"in Package.swift, add .product(name: "FlowmancerNotifications", package: "flowmancer")"#
        #expect(texts[0].contains(instruction), "\(texts)")
        #expect(texts[1].contains("comes with the product FlowmancerTelemetry"))
        let advice = "is a checkpointer: name it under 'checkpointer'. In addition, the type comes with the product"
        #expect(texts[2].contains(advice), "\(texts)")
        #expect(texts[3].contains("comes with the product FlowmancerSQLite"))
    }

    @Test func aNameOfSeveralTypesIsAmbiguous() throws {
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        catalog.register(Other.Work.self)
        #expect(throws: TypeCatalog.LookUpFailure.self) { try catalog.task(named: "Work").get() }
        #expect(try catalog.task(named: String(reflecting: Other.Work.self)).get().type is Other.Work.Type)
        guard case .failure(let failure) = catalog.task(named: "Work") else { return }
        let names = [Work.self as Any.Type, Other.Work.self].map { String(reflecting: $0) }.sorted()
        #expect(failure.problem == .ambiguousType(.task, "Work", candidates: names))
    }

    @Test func aNestedTypeAnswersToEveryEndOfItsName() throws {
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        catalog.register(Other.Work.self)
        #expect(try catalog.task(named: "Other.Work").get().type is Other.Work.Type)
        #expect(try catalog.task(named: "JobValidatorTests.Other.Work").get().type is Other.Work.Type)
        #expect(try catalog.task(named: "JobValidatorTests.Work").get().type is Work.Type)
        #expect(throws: TypeCatalog.LookUpFailure.self) { try catalog.task(named: "Work").get() }
        let names = catalog.entries(of: .task).map(\.names)
        // The bare name stands for none of them.
        #expect(names.contains(["JobValidatorTests.Work", String(reflecting: Work.self)]))
        let other: Set = ["Other.Work", "JobValidatorTests.Other.Work", String(reflecting: Other.Work.self)]
        #expect(names.contains(other))
    }

    @Test func aTypeOfAnotherKindIsNotUnheardOf() {
        let found = issues { $0.extensions = ["x": PluginDefinition("Log"), "y": PluginDefinition("Nowhere")] }
        let first = "extensions.x.extension: no extension type is named 'Log'; Log is a logger: name it under 'loggers'"
        #expect(found.first == first)
        #expect(
            found.last?.hasPrefix("extensions.y.extension: no extension type is named 'Nowhere'; this program has no")
                == true
        )
    }

    @Test func aTypeIsFoundOnlyAsWhatItIs() {
        var catalog = TypeCatalog()
        catalog.register(Log.self)
        #expect(throws: TypeCatalog.LookUpFailure.self) { try catalog.task(named: "Log").get() }
        #expect(throws: Never.self) { _ = try catalog.logger(named: "Log").get() }
    }

    struct Work: FlowTask {
        @Parameter var amount = 1
        func run() async throws {}
    }

    enum Other {
        struct Work: FlowTask { func run() async throws {} }
    }

    actor Log: FlowLogger {
        @Parameter var depth = 1
        func update(_ event: TaskLogEvent) async throws {}
    }

    actor Store: FlowCheckpointer {
        func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {}
        func readCheckpoint(for name: String) async throws -> CheckpointContents { CheckpointContents(name: name) }
        func clearCheckpoint(for name: String) async throws {}
    }

    actor Keep: FlowHistory {
        func beginRun(_ run: RunRecord, _ shape: RunShape) async throws -> (any RunRecorder)? { nil }
        func runs(_ query: RunQuery) async throws -> RunPage { RunPage() }
        func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? { nil }
        func removeRun(_ id: RunID) async throws {}
    }

    private func issues(_ change: (inout JobDefinition) -> Void) -> [String] {
        var catalog = TypeCatalog()
        for type in [Work.self, Log.self, Store.self, Keep.self] as [any ParameterGroup.Type] { catalog.register(type) }
        var job = JobDefinition(name: "job")
        (job.loggers, job.extensions, job.checkpointer) = ([:], [:], PluginDefinition("Store"))
        job.history = PluginDefinition("Keep")
        job.addTask("first", Work.self)
        change(&job)
        return JobValidator.validate(job, catalog: catalog).map { issue in
            issue.path.components.isEmpty ? issue.message : "\(issue.path): \(issue.message)"
        }
    }
}
