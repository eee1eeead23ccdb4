import FlowmancerCore
import TestSupport
import Testing

@Suite struct JobScopesTests {
    /// A job of `list`, the sub-job `publish` with `build`, `send` and the sub-job `publish/sign` of a file, and `report`.
    private let job: JobDefinition = {
        var job = JobDefinition(name: "job")
        func add(_ name: String, in parent: String? = nil, _ subJob: SubJob? = nil, _ dependencies: [String] = []) {
            job.tasks[name] = TaskDefinition(subJob == nil ? "T" : "")
            job.tasks[name]?.parent = parent
            job.tasks[name]?.subJob = subJob
            job.tasks[name]?.dependencies = dependencies
        }
        add("list")
        add("publish", SubJob(), ["list"])
        add("publish/build", in: "publish")
        add("publish/send", in: "publish", nil, ["build", "sign/key"])
        add("publish/sign", in: "publish", SubJob(file: "sign.yaml"), ["build"])
        add("publish/sign/key", in: "publish/sign")
        add("report", nil, ["publish"])
        return job
    }()

    private func number(_ name: String) -> Int { job.tasks.index(forKey: name)! }

    private func name(_ number: Int?) -> String? { number.map { job.tasks.elements[$0].key } }

    @Test(
        arguments: [
            ("list", "report", "list"), ("publish/build", "report", "publish/build"), ("build", "report", nil),
            ("publish/sign/key", "list", "publish/sign/key"), ("build", "publish/send", "publish/build"),
            ("sign/key", "publish/send", "publish/sign/key"), ("list", "publish/send", nil),
            ("publish/build", "publish/send", nil), ("publish", "publish/build", nil),
            ("key", "publish/sign/key", "publish/sign/key"), ("build", "publish/sign/key", nil),
            ("build", "publish/sign", "publish/build"), ("sig*", "publish/send", nil),
        ] as [(String, String, String?)]
    )
    func namesAreRelativeToTheJobOfTheTask(_ written: String, _ task: String, _ expected: String?) {
        let scopes = JobScopes(job)
        #expect(name(scopes.definition(named: written, from: number(task))) == expected)
    }

    @Test(
        arguments: [
            ("list", "report", 0, "list", "report"), ("build", "publish/send", 0, "publish/build", "publish/send"),
            ("list", "publish/send", 0, "list", "publish"), ("key", "publish/sign/key", 0, "publish/sign/key", nil),
            // A file sees only its own tasks, but what is written outside of it counts there.
            ("build", "publish/sign/key", 0, nil, nil),
            ("build", "publish/sign/key", 1, "publish/build", "publish/sign"),
            ("list", "publish/sign/key", 1, "list", "publish"), ("list", "publish/sign/key", 2, "list", "publish"),
            ("list", "publish/sign/key", 3, nil, nil), ("build", "publish/send", 1, nil, nil),
        ] as [(String, String, Int, String?, String?)]
    )
    func outputsOfOuterTasksAreSeenByMappings(
        _ written: String,
        _ task: String,
        _ level: Int,
        _ source: String?,
        _ reader: String?
    ) {
        let found = JobScopes(job).source(ofOutputOf: written, from: number(task), level: level)
        #expect(name(found?.place.task) == source)
        if let reader { #expect(name(found?.reader) == reader) }
    }

    @Test func patternsStandForSiblings() {
        let scopes = JobScopes(job)
        #expect(scopes.siblings(of: number("list")).map { scopes.ownName(of: $0) } == ["list", "publish", "report"])
        #expect(
            scopes.siblings(of: number("publish/sign")).map { scopes.ownName(of: $0) } == ["build", "send", "sign"]
        )
        #expect(scopes.ownName(of: number("publish/sign/key")) == "key")
    }

    @Test func knownNamesAreThoseThatCanBeWritten() {
        let scopes = JobScopes(job)
        for task in job.tasks.keys.indices {
            for known in scopes.knownNames(from: task) {
                #expect(scopes.definition(named: known, from: task) != nil, "\(known)")
            }
        }
        #expect(scopes.knownNames(from: number("publish/build")) == ["build", "send", "sign", "sign/key"])
        #expect(scopes.knownNames(from: number("list")).count == job.tasks.count)
    }

    @Test func literalNamesDoNotLeakIntoSubJobs() {
        var job = job
        job.tasks["publish/extra"] = TaskDefinition("T")
        let scopes = JobScopes(job)
        #expect(scopes.definition(named: "extra", from: number("publish/build")) == nil)
        #expect(name(scopes.definition(named: "publish/build", from: job.tasks.count - 1)) == "publish/build")
    }

    @Test func strangeParentsAreSurvived() {
        var job = JobDefinition(name: "job")
        for (name, parent) in [("a", "b"), ("b", "a"), ("c", "c"), ("d", "x"), ("e/", "e"), ("e", "e/")] {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.parent = parent
        }
        let scopes = JobScopes(job)
        for task in job.tasks.keys.indices {
            _ = scopes.ancestors(of: task)
            _ = scopes.knownNames(from: task)
            _ = scopes.definition(named: "a", from: task)
        }
        _ = TaskGraph(job).findCycles()
        #expect(JobValidator.validateDependencies(job).isEmpty)
    }

    // MARK: The graph

    @Test func edgesLeadToDefinitions() {
        let graph = TaskGraph(job)
        #expect(graph.dependencies[number("publish/send")] == [number("publish/build"), number("publish/sign/key")])
        #expect(graph.dependencies[number("report")] == [number("publish")])
        #expect(
            graph.dependencyNames(of: number("publish/send"), job.tasks["publish/send"]!) == [
                "publish/build", "publish/sign/key",
            ]
        )
    }

    @Test(
        arguments: [
            // What comes before the sub-job waits for a task of it.
            (["list": ["publish/build"]], [["list", "publish", "list"]]),
            (["list": ["publish/send"]], [["list", "publish", "list"]]),
            (["list": ["report"]], [["list", "report", "publish", "list"]]),
            (["publish": ["publish/build"]], [["publish/build", "publish", "publish/build"]]),
            (["publish/build": ["send"]], [["publish/build", "publish/send", "publish/build"]]),
            (["publish/build": ["sign"]], [["publish/build", "publish/sign", "publish/build"]]),
            (["report": ["publish/build"]], []), (["report": ["*"]], []), (["publish": ["*"]], []),
            (["list": ["*"]], []), (["publish/build": ["*"]], []), (["publish/sign": ["*"]], []),
        ] as [([String: [String]], [[String]])]
    )
    func waitingForContainersIsSeen(_ changes: [String: [String]], _ expected: [[String]]) {
        var job = job
        for (name, dependencies) in changes { job.tasks[name]?.dependencies = dependencies }
        let cycles = TaskGraph(job).findCycles().map { $0.map { name($0)! } }
        #expect(cycles.count == expected.count, "\(cycles)")
        for (cycle, expected) in zip(cycles, expected) {
            #expect(
                cycle.first == expected.first && cycle.last == expected.last && Set(cycle).isSuperset(of: expected),
                "\(cycle)"
            )
        }
    }

    @Test func plansAreOfTasksOnly() {
        let plan = ExecutionPlan(TaskGraph(job), satisfied: [])
        let levels = plan.levels.map { $0.map { name($0)! } }
        #expect(levels == [["list"], ["publish/build"], ["publish/sign/key"], ["publish/send"], ["report"]])
        #expect(plan.criticalPath.map { name($0)! } == levels.map { $0[0] })
    }

    /// Compared with the definition: a task begins after the sub-job around it, which ends after all of its tasks.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func randomJobsEndInTheirOrder(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let job = RandomSubJobs.job(&random)
        let graph = TaskGraph(job)
        let order = graph.order
        let isCyclic = !graph.findCycles().isEmpty
        #expect(isCyclic == (order.count < graph.count), "seed \(seed)")
        // As in a run: a task that may begin does so, and ends at once unless it stands for others.
        var begun: Set<Int> = []
        var ended: Set<Int> = []
        var isChanging = true
        let contents = Dictionary(grouping: graph.containers.keys) { graph.containers[$0]! }
        while isChanging {
            isChanging = false
            for task in 0..<graph.count {
                let isFree =
                    graph.dependencies[task].allSatisfy(ended.contains)
                    && graph.containers[task].map(begun.contains) != false
                if isFree, begun.insert(task).inserted { isChanging = true }
                if begun.contains(task), (contents[task] ?? []).allSatisfy(ended.contains), ended.insert(task).inserted
                {
                    isChanging = true
                }
            }
        }
        #expect(Set(order) == ended, "seed \(seed)")
    }
}

/// Random jobs with jobs in them.
enum RandomSubJobs {
    static func job(_ random: inout SeededGenerator) -> JobDefinition {
        var job = JobDefinition(name: "job")
        var subJobs: [String?] = [nil]
        for number in 0..<Int.random(in: 1...10, using: &random) {
            let parent = subJobs.randomElement(using: &random)!
            let name = (parent.map { "\($0)/" } ?? "") + "t\(number)"
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.parent = parent
            if random.chance(35) {
                job.tasks[name]?.subJob = SubJob()
                subJobs.append(name)
            }
        }
        for name in job.tasks.keys {
            let prefix = job.tasks[name]?.parent.map { "\($0)/" } ?? ""
            let known = job.tasks.keys.filter { $0.hasPrefix(prefix) && $0 != name }.map {
                String($0.dropFirst(prefix.count))
            }
            job.tasks[name]?.dependencies = known.filter { _ in random.chance(12) } + (random.chance(8) ? ["*"] : [])
        }
        return job
    }
}
