import Flowmancer
import FlowmancerTesting
import Testing

/// Rules in `runJob`.
@Suite struct RuleRunTests {
    /// Logs what it is told of its dependencies.
    private struct Reacts: FlowTask {
        func run() async throws {
            for end in metadata.dependencies { logger.info("\(end.name) \(end.state): \(end.reason ?? "-")") }
        }
    }

    private func job(failures: Int = 9) -> JobDefinition {
        var job = JobDefinition(name: "job")
        job.addTask("fetch", FailsAtFirst.self, parameters: ["failures": .int(failures)])
        job.addTask("lint", FailsAtFirst.self)
        job.tasks["lint"]?.allowsFailure = true
        job.addTask("load", Counts.self, dependsOn: ["fetch"])
        job.addTask("audit", Reacts.self, dependsOn: ["fetch", "load", "lint"])
        job.tasks["audit"]?.runIf = .anyFailed
        job.addTask("publish", Counts.self, dependsOn: ["lint"])
        return job
    }

    @Test func rulesDecide() async throws {
        let run = try await runJob(job())
        #expect(
            run.states == [
                "fetch": .failed, "lint": .failed, "load": .defaulted, "audit": .completed, "publish": .completed,
            ]
        )
        #expect(
            run.messages(of: "audit") == [
                "fetch failed: SampleError: attempt 1", "load defaulted: its dependency 'fetch' failed",
                "lint failed: SampleError: attempt 1",
            ]
        )
        #expect(run.result.exitCode == 2)
        #expect(run.result.allowedFailures == ["lint"])
        #expect(run.events.filter(\.isAllowedFailure).map(\.taskName) == ["lint"])
        let error = #expect(throws: JobTestFailedError.self) { try run.requireSuccess() }
        #expect(error?.description.hasPrefix("the job failed: fetch is failed, load is defaulted\n") == true)
    }

    @Test func aRestartKeepsAllowedFailuresAndDecidesAnew() async throws {
        let first = try await runJob(job())
        let second = try await runJob(job(failures: 0), from: first.checkpoint).requireSuccess()
        #expect(second.path(of: "lint") == [.initial, .failed])
        #expect(second.path(of: "publish") == [.initial, .completed])
        // It reacts to what runs again, and to the failure that is kept.
        #expect(second.path(of: "audit") == [.initial, .pending, .running, .completed])
        #expect(second.messages(of: "audit").last == "lint failed: it failed in an earlier run, which is allowed")
        #expect(second.result.exitCode == 0)
    }

    @Test func pluginsAreToldOfSuccess() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self)
        job.tasks["a"]?.allowsFailure = true
        let observer = Observer()
        try await runJob(job, extensions: [observer]).requireSuccess()
        #expect(await observer.ending == "success")
    }

    private actor Observer: FlowExtension {
        var ending = ""

        func update(_ event: ExecutionEvent) async throws {}
        func onSuccess() async throws { ending = "success" }
        func onFailure() async throws { ending = "failure" }
    }

    @Test func aTaskIsTestedWithDependenciesThatNeverWere() async throws {
        let run = try await runTask(
            Reacts.self,
            dependencies: [EndedDependency(name: "load", state: .failed, reason: "no rows")]
        )
        #expect(run.messages == ["load failed: no rows"])
    }

    @Test func commandsFindTheirFileHereToo() async throws {
        var job = JobDefinition(name: "job")
        job.addTask("a", FailsAtFirst.self)
        job.addTask(
            "b",
            Shell.self,
            dependsOn: ["a"],
            parameters: ["command": "cat \"$FLOWMANCER_DEPENDENCIES\"", "capture": "told"]
        )
        job.tasks["b"]?.runIf = .allFailed
        let run = try await runJob(job)
        #expect(run.states["b"] == .completed)
        let told: String? = try await run.sharedDict.get("told")
        #expect(told?.contains(#""name": "a", "state": "failed", "reason": "SampleError: attempt 1""#) == true)
    }
}
