import FlowmancerCore
import Testing

/// Dependencies that follow from the outputs that a task uses.
@Suite struct ImpliedDependencyTests {
    private func job(_ tasks: [(String, [String], ParameterValue)]) -> JobDefinition {
        var job = JobDefinition(name: "job")
        for (name, dependencies, value) in tasks {
            var task = TaskDefinition("Work", parameters: ["x": value])
            task.dependencies = dependencies
            job.tasks[name] = task
        }
        return job
    }

    @Test func whatIsUsedIsWaitedFor() {
        var job = job([
            ("a", ["b"], ["n": [.output("c", "x"), .template("$OUT{b.x} $OUT{d.x}")]]), ("b", [], 1), ("c", [], 2),
            ("d", [], .shared("k")), ("e", [], 1), ("f", [], 1),
        ])
        job.tasks["e"]?.when = "$OUT{a.x} > 1 and defined($OUT{b.x})"
        job.tasks["f"]?.timeout = .template("$OUT{e.limit}")
        let graph = TaskGraph(job)
        #expect(graph.dependencies == [[1, 2, 3], [], [], [], [0, 1], [4]])
        #expect(graph.dependents == [[4], [0, 4], [0], [0], [5], []])
        #expect(graph.dependencyNames(of: 0, job.tasks.values[0]) == ["b", "c", "d"])
        #expect(graph.dependencyNames(of: 1, job.tasks.values[1]) == [])
    }

    /// A pattern never stands for what waits for the task by one of its outputs.
    @Test func outputsCountBeforePatterns() {
        let graph = TaskGraph(
            job([("all", ["*"], 1), ("t1", ["t*"], 1), ("t2", [], .output("t1", "x")), ("t3", [], 1)])
        )
        #expect(graph.dependencies == [[1, 2, 3], [3], [1], []])
    }

    @Test func namesBelongToTheJobAroundATask() {
        var job = job([
            ("build", [], 1), ("pub", [], 1), ("pub/build", [], 1), ("pub/send", [], .output("build", "x")),
            ("pub/tell", [], .output("list", "x")), ("list", [], .output("pub/build", "x")),
        ])
        for name in ["pub/build", "pub/send", "pub/tell"] { job.tasks[name]?.parent = "pub" }
        // A job within the job waits as a whole for what its tasks use of others.
        #expect(TaskGraph(job).dependencies == [[], [5], [], [2], [], [2]])
    }

    @Test func aCircleIsFound() {
        let job = job([("a", [], .output("b", "x")), ("b", ["c"], 1), ("c", [], .template("$OUT{a.x}"))])
        let messages = JobValidator.validate(job, catalog: TypeCatalog()).filter { !$0.message.contains("type") }
        #expect(
            messages.map(\.description) == [
                "error: tasks.a.parameters.x: the tasks depend on each other in a circle: a → b → c → a"
            ]
        )
    }

    @Test func whatATaskNeedsIsKnownWhenItsParametersChange() {
        var task = TaskDefinition("Work")
        #expect(!task.holdsTemplates && !TaskRoster(job([("a", [], 1)])).plan.traits[0].isPrepared)
        task.parameters["x"] = .output("a", "x")
        #expect(task.holdsTemplates && task.boundReferences.count == 1)
        task.parameters["x"] = .item("code")
        #expect(task.holdsTemplates && task.boundReferences.isEmpty)
        task.parameters["x"] = "text"
        #expect(!task.holdsTemplates && !task.hasVariables)
        #expect(!TaskRoster(job([("a", [], .item)])).plan.traits[0].isPrepared)
        #expect(TaskRoster(job([("a", [], .output("b", "x"))])).plan.traits[0].isPrepared)
    }

    @Test func theDefinitionIsAnotherIfItsVariablesAre() {
        func fingerprint(_ value: ParameterValue) -> String {
            TaskDefinition("Work", parameters: ["x": value]).fingerprint
        }
        #expect(fingerprint(.output("a", "x")) == fingerprint(.template("$OUT{a.x}")))
        #expect(fingerprint(.output("a", "x")) != fingerprint(.output("a", "y")))
        #expect(fingerprint(.output("a", "x")) != fingerprint(.output("a", "x", default: 1)))
        #expect(fingerprint(.output("a", "x")) != fingerprint("$OUT{a.x}"))
    }
}
