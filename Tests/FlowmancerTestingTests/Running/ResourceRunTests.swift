import Flowmancer
import FlowmancerTesting
import Testing

/// Resources and priorities in `runJob`.
@Suite struct ResourceRunTests {
    /// Logs its units, and when it began and ended.
    private struct Uses: FlowTask {
        func run() async throws {
            logger.info("\(metadata.resources.sorted { $0.key < $1.key })")
            try await sharedDict.update("order", default: [String]()) { $0.append("\(metadata.name) begins") }
            try await clock.sleep(for: .seconds(1))
            try await sharedDict.update("order", default: [String]()) { $0.append("\(metadata.name) ends") }
        }
    }

    private func job() -> JobDefinition {
        var job = JobDefinition(name: "job")
        job.configuration.resources = ["licence": ["x", "y"]]
        for name in ["a", "b", "c"] { job.addTask(name, Uses.self) }
        return job
    }

    @Test func tasksAreToldTheirUnits() async throws {
        var job = job()
        job.tasks["a"]?.resources = ["licence": 2]
        job.tasks["b"]?.resources = ["licence": 1, "gpus": 2]
        let run = try await runJob(job).requireSuccess()
        #expect(run.messages(of: "a") == [#"[(key: "licence", value: ["x", "y"])]"#])
        #expect(run.messages(of: "b") == [#"[(key: "gpus", value: ["0", "1"]), (key: "licence", value: ["x"])]"#])
        #expect(run.messages(of: "c") == ["[]"])
    }

    @Test func theyWaitForEachOtherOnWhateverMachine() async throws {
        var job = job()
        for name in ["a", "b", "c"] { job.tasks[name]?.resources = ["cpus": 1_000, "memory": 1] }
        job.tasks["c"]?.priority = 1
        let run = try await runJob(job).requireSuccess()
        let order: [String]? = try await run.sharedDict.get("order")
        #expect(order == ["c begins", "c ends", "a begins", "a ends", "b begins", "b ends"])
    }

    @Test func anAttemptIsTestedWithUnits() async throws {
        let run = try await runTask(Uses.self, resources: ["licence": ["y"]]).requireSuccess()
        #expect(run.messages == [#"[(key: "licence", value: ["y"])]"#])
    }

    @Test func commandsFindThemHereToo() async throws {
        var job = JobDefinition(name: "job")
        job.configuration.resources = ["licence": ["x", "y"]]
        let command = "printf %s \"$FLOWMANCER_RESOURCE_LICENCE\""
        job.addTask("b", Shell.self, parameters: ["command": .string(command), "capture": "told"])
        job.tasks["b"]?.resources = ["licence": 2]
        let run = try await runJob(job).requireSuccess()
        let told: String? = try await run.sharedDict.get("told")
        #expect(told == "x,y")
    }

    @Test func amountsMayBePublished() async throws {
        struct Publishes: FlowTask {
            @Output var count: Int

            mutating func run() async throws { count = 2 }
        }
        var job = job()
        job.addTask("list", Publishes.self)
        job.tasks["a"]?.resources["licence"] = ResourceRequest(.output("list", "count"))
        job.tasks["b"]?.resources["licence"] = ResourceRequest(2)
        job.tasks["c"]?.resources["licence"] = ResourceRequest("1")
        let run = try await runJob(job).requireSuccess()
        #expect(run.messages(of: "a") == [#"[(key: "licence", value: ["x", "y"])]"#])
        #expect(run.messages(of: "b") == run.messages(of: "a"))
        #expect(run.messages(of: "c").first?.contains("licence") == true)
    }

    @Test func moreThanTheJobHasIsAnError() async throws {
        var job = job()
        job.tasks["a"]?.resources = ["licence": 3]
        await #expect(throws: InvalidJobError.self) { try await runJob(job) }
    }
}
