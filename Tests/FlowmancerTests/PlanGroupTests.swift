import FlowmancerCore
import FlowmancerTerminal
import Testing

@testable import Flowmancer

/// Groups and jobs within the job in plans.
@Suite struct PlanGroupTests {
    private static var job: JobDefinition {
        var job = JobDefinition(name: "nightly")
        job.tasks["list"] = TaskDefinition("Shell")
        job.tasks["load"] = TaskDefinition("Load")
        job.tasks["load"]?.forEach = ForEach(
            .template(ValueTemplate([.reference(ExpressionReference(.output, "list.regions"))]))
        )
        job.tasks["load"]?.dependencies = ["list"]
        job.tasks["publish"] = TaskDefinition("")
        job.tasks["publish"]?.subJob = SubJob()
        job.tasks["publish"]?.dependencies = ["load"]
        job.tasks["publish/build"] = TaskDefinition("Shell")
        job.tasks["publish/build"]?.parent = "publish"
        job.tasks["publish/upload"] = TaskDefinition("Shell")
        job.tasks["publish/upload"]?.parent = "publish"
        job.tasks["publish/upload"]?.dependencies = ["build"]
        job.tasks["each"] = TaskDefinition("")
        job.tasks["each"]?.subJob = SubJob()
        job.tasks["each"]?.forEach = ForEach(["a", "b", "c"])
        job.tasks["each"]?.dependencies = ["publish"]
        job.tasks["each/fetch"] = TaskDefinition("Shell")
        job.tasks["each/fetch"]?.parent = "each"
        return job
    }

    private func plan(_ job: JobDefinition) -> JobPlan {
        JobPlan(
            job: job,
            graph: TaskGraph(job),
            leftOut: LeftOutTasks([], of: TaskRoster(job)),
            restart: .notAsked
        )
    }

    @Test func aGroupIsOneLineAndAJobWithinTheJobIsItsTasks() {
        let lines = plan(Self.job).text(style: .plain, columns: 200).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "nightly: 5 tasks would run, on 5 levels, the widest has 1 task; 2 of them for each of several items (for_each)",
                "  1  list  Shell",
                "  2  load  Load  for each item, known in the run: from $OUT{list.regions}, after list  "
                    + "(known in the run: $OUT{list.regions})",
                "  3  publish/build  Shell  after load",
                "  4  publish/upload  Shell  after publish/build",
                "  5  each/fetch  Shell  for each of 3 items of each, after publish",
                "Critical path (the longest chain of tasks): 5 tasks",
                "  list → load → publish/build → publish/upload → each/fetch",
            ]
        )
    }

    @Test func thePlanSaysWhereTasksRun() {
        var job = JobDefinition(name: "nightly")
        job.configuration.executor = "cluster"
        job.tasks["a"] = TaskDefinition("Shell")
        job.tasks["b"] = TaskDefinition("Shell")
        job.tasks["b"]?.executor = "local"
        let lines = plan(job).text(style: .plain, columns: 200).split(separator: "\n").map(String.init)
        #expect(
            lines == [
                "nightly: 2 tasks would run, on 1 level, the widest has 2 tasks; on 'cluster' (executor)",
                "  1  a  Shell",
                "     b  Shell  executor: local",
            ]
        )
        guard case .object(let members) = plan(job).json, case .array(let tasks)? = members["tasks"] else {
            Issue.record("no tasks")
            return
        }
        let executors = tasks.map { task -> ParameterValue? in
            guard case .object(let members) = task else { return nil }
            return members["executor"]
        }
        #expect(executors == ["cluster", nil])
    }

    @Test func whatIsNotEnteredDoesNotRun() {
        var job = Self.job
        job.tasks["publish"]?.when = "1 == 2"
        let skipping = plan(job)
        #expect(Set(skipping.order.map { skipping.graph.names[$0] }) == ["list", "load", "each/fetch"])
        #expect(skipping.text(style: .plain, columns: 200).hasSuffix("Skipped, because `when` is false: publish"))
        // What is skipped does not fail.
        job.tasks["each"]?.runIf = .anyFailed
        let ending = plan(job).text(style: .plain, columns: 200)
        let line = "each/fetch  Shell  for each of 3 items of each, after publish"
        #expect(ending.contains("Does not run:\n  \(line), run_if"))
        job.tasks["publish"]?.when = nil
        let failing = plan(job).text(style: .plain, columns: 200)
        #expect(failing.contains("Only after failures:\n  \(line)"))
    }

    @Test func programsGetItemsAndNesting() throws {
        guard case .object(let plan) = plan(Self.job).json, case .array(let tasks)? = plan["tasks"] else {
            Issue.record("no plan")
            return
        }
        func members(_ number: Int, _ key: String) -> ParameterValue? {
            if case .object(let task) = tasks[number] { task[key] } else { nil }
        }
        #expect(members(1, "for_each") == ["items": "$OUT{list.regions}"])
        #expect(members(2, "job") == true)
        #expect(members(3, "parent") == "publish")
        #expect(members(5, "for_each") == ["count": 3])
        #expect(members(0, "for_each") == nil && members(0, "job") == nil && members(0, "parent") == nil)
    }

    @Test func aRestartTellsHowManyOfAGroupRun() {
        var job = Self.job
        job.tasks["load"]?.forEach = ForEach(["eu", "us", "asia"])
        let graph = TaskGraph(job)
        let roster = TaskRoster(job, graph)
        let states: [String: ExecutionState] = [
            "list": .completed, "load[eu]": .completed, "load[us]": .failed, "load[asia]": .completed,
        ]
        let contents = CheckpointContents(name: "nightly", states: states)
        let resumption = ResumePlan(job, roster, from: contents, leftOut: [])
        let plan = JobPlan(
            job: job,
            graph: graph,
            leftOut: LeftOutTasks([], of: roster),
            restart: .from(resumption, roster)
        )
        #expect(plan.decisions[1].explanation == "2: done, kept; 1: failed, run again")
        #expect(plan.decisions[0].explanation == "done, kept")
        #expect(plan.order.first.map { plan.graph.names[$0] } == "load")
    }
}
