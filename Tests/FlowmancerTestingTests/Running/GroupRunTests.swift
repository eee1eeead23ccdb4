import Flowmancer
import FlowmancerCore
import FlowmancerTesting
import Testing

/// Items and jobs within jobs in `runJob`.
@Suite struct GroupRunTests {
    /// Logs what it waited for, and fails for the items that it is told.
    private struct Loads: FlowTask {
        @Parameter var failsFor: [String] = []

        func run() async throws {
            logger.info("after \(metadata.dependsOn.joined(separator: " "))")
            if failsFor.contains(where: { metadata.name.contains($0) }) { throw SampleError("no \(metadata.name)") }
        }
    }

    /// Publishes the items for others.
    private struct Lists: FlowTask {
        @Parameter var names: [String]
        @Output var regions: [String] = []

        mutating func run() async throws { regions = names }
    }

    /// Logs what it is told of its dependencies.
    private struct Reacts: FlowTask {
        func run() async throws {
            for end in metadata.dependencies { logger.info("\(end.name) \(end.state)") }
        }
    }

    private func fanOut(_ items: ParameterValue, failsFor: [String] = []) -> JobDefinition {
        var job = JobDefinition(name: "job")
        job.addTask("list", Lists.self, parameters: ["names": ["eu", "us", "ap"]])
        job.addTask(
            "load",
            Loads.self,
            dependsOn: ["list"],
            parameters: ["fails_for": .array(failsFor.map(ParameterValue.string))]
        )
        job.tasks["load"]?.forEach = ForEach(items)
        job.addTask("report", Loads.self, dependsOn: ["load"])
        job.addTask("audit", Reacts.self, dependsOn: ["load"])
        job.tasks["audit"]?.runIf = .anyFailed
        return job
    }

    private let published = ParameterValue.template(
        ValueTemplate([.reference(ExpressionReference(.output, "list.regions"))])
    )

    @Test(arguments: [false, true]) func aTaskRunsForEachItem(isPublished: Bool) async throws {
        let run = try await runJob(fanOut(isPublished ? published : ["eu", "us", "ap"]))
        #expect(
            run.states == [
                "list": .completed, "load[eu]": .completed, "load[us]": .completed, "load[ap]": .completed,
                "report": .completed, "audit": .skipped,
            ]
        )
        #expect(run.messages(of: "load[us]") == ["after list"])
        #expect(run.messages(of: "report") == ["after load"])
        #expect(Set(run.events.map(\.groupName)) == ["load", nil])
        #expect(!run.events.contains { $0.taskName == "load" })
    }

    @Test(arguments: [false, true]) func aFailedItemIsThatOfItsGroup(isPublished: Bool) async throws {
        let job = fanOut(isPublished ? published : ["eu", "us", "ap"], failsFor: ["us"])
        let run = try await runJob(job)
        #expect(run.states["load[us]"] == .failed && run.states["load[ap]"] == .completed)
        #expect(run.states["report"] == .defaulted && run.states["audit"] == .completed)
        #expect(run.messages(of: "audit") == ["load failed"])
        #expect(run.result.exitCode == 2)
        // Only the failed one runs again.
        var mended = job
        mended.tasks["load"]?.parameters = ["fails_for": []]
        let second = try await runJob(mended, from: run.checkpoint).requireSuccess()
        #expect(second.path(of: "load[eu]") == [.initial, .completed])
        #expect(second.path(of: "load[us]") == [.initial, .pending, .running, .completed])
        #expect(second.path(of: "report") == [.initial, .pending, .running, .completed])
    }

    @Test(arguments: [false, true]) func withoutItemsAGroupIsCompleted(isPublished: Bool) async throws {
        var job = fanOut(isPublished ? published : [])
        job.tasks["list"]?.parameters = ["names": []]
        let run = try await runJob(job).requireSuccess()
        #expect(run.states["load"] == .completed && run.states["report"] == .completed)
    }

    @Test func itemsThatCannotBeUsedAreAFailure() async throws {
        var job = fanOut(published)
        job.tasks["list"]?.parameters = ["names": ["eu", "eu"]]
        let run = try await runJob(job)
        #expect(run.states["load"] == .failed && run.states["report"] == .defaulted)
        let reason = run.events.last { $0.taskName == "load" }?.reason
        #expect(reason?.contains("'eu'") == true, "\(reason ?? "-")")
    }

    @Test func aGroupThatDoesNotRunIsOneTask() async throws {
        var job = fanOut(published)
        job.tasks["load"]?.when = "$DICT{go:no} == 'yes'"
        let run = try await runJob(job).requireSuccess()
        #expect(run.states == ["list": .completed, "load": .skipped, "report": .completed, "audit": .skipped])
    }

    @Test func whatIsLeftOutIsLeftOutWithItsItems() async throws {
        var selection = JobSelection()
        selection.skip = ["load"]
        let run = try await runJob(fanOut(["eu", "us"]), selection: selection).requireSuccess()
        #expect(run.states["load[eu]"] == .skipped && run.states["report"] == .completed)
        let open = try await runJob(fanOut(published), selection: selection).requireSuccess()
        #expect(open.states["load"] == .skipped && open.states["report"] == .completed)
    }

    @Test func changedItemsAreComparedByKey() async throws {
        func job(_ items: ParameterValue) -> JobDefinition {
            var job = JobDefinition(name: "job")
            job.addTask("load", Loads.self, parameters: ["fails_for": ["c"]])
            job.tasks["load"]?.forEach = ForEach(items, key: "id")
            return job
        }
        func item(_ id: String, _ size: Int) -> ParameterValue { ["id": .string(id), "size": .int(size)] }
        let first = try await runJob(job([item("a", 1), item("b", 1), item("c", 1)]))
        #expect(first.states == ["load[a]": .completed, "load[b]": .completed, "load[c]": .failed])
        var other = job([item("b", 2), item("d", 1), item("a", 1)])
        other.tasks["load"]?.parameters = ["fails_for": ["c"]]
        let second = try await runJob(other, from: first.checkpoint).requireSuccess()
        #expect(second.path(of: "load[a]") == [.initial, .completed])
        #expect(second.path(of: "load[b]") == [.initial, .completed])
        #expect(second.path(of: "load[d]").last == .completed && second.path(of: "load[d]").count == 4)
        #expect(second.states["load[c]"] == nil)
    }

    // MARK: Jobs within the job

    private func publishing(_ items: ParameterValue? = nil, failsFor: [String] = []) -> JobDefinition {
        var job = JobDefinition(name: "job")
        job.addTask("list", Lists.self, parameters: ["names": ["eu", "us"]])
        job.tasks["publish"] = TaskDefinition("")
        job.tasks["publish"]?.subJob = SubJob()
        job.tasks["publish"]?.dependencies = ["list"]
        job.tasks["publish"]?.forEach = items.map { ForEach($0) }
        let fails: ParameterValue = .array(failsFor.map(ParameterValue.string))
        job.addTask("publish/build", Loads.self, parameters: ["fails_for": fails])
        job.tasks["publish/build"]?.parent = "publish"
        job.addTask("publish/push", Loads.self, dependsOn: ["build"])
        job.tasks["publish/push"]?.parent = "publish"
        job.addTask("report", Loads.self, dependsOn: ["publish"])
        return job
    }

    @Test(arguments: [false, true]) func aChainRunsForEachItem(isPublished: Bool) async throws {
        let job = publishing(isPublished ? published : ["eu", "us"], failsFor: ["us"])
        let run = try await runJob(job)
        #expect(
            run.states == [
                "list": .completed, "publish[eu]/build": .completed, "publish[eu]/push": .completed,
                "publish[us]/build": .failed, "publish[us]/push": .defaulted, "report": .defaulted,
            ]
        )
        #expect(run.messages(of: "publish[eu]/push") == ["after publish[eu]/build"])
        #expect(run.events.last { $0.taskName == "publish[eu]/push" }?.groupName == "publish[eu]")
        var mended = job
        mended.tasks["publish/build"]?.parameters = ["fails_for": []]
        let second = try await runJob(mended, from: run.checkpoint).requireSuccess()
        #expect(second.path(of: "publish[eu]/push") == [.initial, .completed])
        #expect(second.path(of: "publish[us]/push") == [.initial, .pending, .running, .completed])
    }

    @Test func aSubJobIsOneTaskForOthers() async throws {
        let run = try await runJob(publishing()).requireSuccess()
        #expect(
            run.states == [
                "list": .completed, "publish/build": .completed, "publish/push": .completed, "report": .completed,
            ]
        )
        #expect(run.messages(of: "publish/push") == ["after publish/build"])
        var skipped = publishing()
        skipped.tasks["publish"]?.when = "false"
        let second = try await runJob(skipped).requireSuccess()
        #expect(second.states["publish/build"] == .skipped && second.states["report"] == .completed)
    }
}
