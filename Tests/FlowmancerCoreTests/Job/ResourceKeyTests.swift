import OrderedCollections
import TestSupport
import Testing

@testable import FlowmancerCore

/// `resources` and `priority` of jobs and tasks.
@Suite struct ResourceKeyTests {
    @Test(
        arguments: [
            (1, 1), ("7", 7), (2.0, 2), ("1K", 1_024), ("2M", 2 << 20), ("2m", 2 << 20), ("1.5G", 3 << 29),
            ("3 GiB", 3 << 30), ("1TB", 1 << 40), ("1_024M", 1 << 30), (0, nil), (-1, nil), (1.5, nil), ("0G", nil),
            ("0.3K", nil), ("G", nil), ("", nil), ("B", nil), ("2X", nil), ("-1G", nil), ("9e18G", nil), ("nanG", nil),
            ("infG", nil), (true, nil), (.null, nil), ("1e300T", nil),
        ] as [(ParameterValue, Int?)]
    )
    func anAmountIsANumberOrASize(value: ParameterValue, amount: Int?) {
        #expect(ResourceAmountText.amount(value) == amount)
    }

    @Test(arguments: [1, 1_023, 1 << 10, 1 << 20, 3 << 29, 5 << 30, 7 << 40, (1 << 30) + 1, .max])
    func whatIsWrittenIsReadAgain(amount: Int) {
        #expect(ResourceAmountText.amount(ResourceAmountText.written(amount)) == amount)
    }

    @Test func amountsOfMemoryAreShownInTheirLargestUnit() {
        #expect(ResourceAmountText.text(2 << 30, of: "memory") == "2G")
        #expect(ResourceAmountText.text(3 << 29, of: "memory") == "1536M")
        #expect(ResourceAmountText.text(16_384_123_904, of: "memory") == "15.2G")
        #expect(ResourceAmountText.text(1_000, of: "memory") == "1000")
        #expect(ResourceAmountText.text(3_000, of: "db") == "3000")
    }

    @Test func theNamesOfVariablesHaveNothingElse() {
        #expect(ResourceUnits.environmentVariable(of: "my-gpu.v2 é") == "FLOWMANCER_RESOURCE_MY_GPU_V2__")
        #expect(ResourceUnits.environment(["a": ["x", "y"]]) == ["FLOWMANCER_RESOURCE_A": "x,y"])
    }

    // MARK: Jobs in code

    @Test func mistakesInCodeAreFound() {
        var job = job()
        job.configuration.resources = ["db": 2, "bad": 0, "none": [], "units": ["a", "", "b,c", "a"]]
        job.tasks["a"]?.resources = ["dbb": 1, "db": [1, 3], "cpus": 5, "memory": 0, "units": []]
        let found = issues(job).map { "\($0.path): \($0.message)" }
        let expected = [
            "config.resources.bad: expected a whole number",
            "config.resources.none: it is empty",
            "config.resources.units[1]: '' cannot be a name: a unit needs a name",
            "config.resources.units[2]: 'b,c' cannot be a name: it has a comma",
            "config.resources.units[3]: the unit 'a' is listed twice, first as [0]",
            "tasks.a.resources.dbb: there is no resource 'dbb'; did you mean 'db'?",
            "tasks.a.resources.db[1]: an attempt asks for 3 of 'db', but there is only 2",
            "tasks.a.resources.cpus: an attempt asks for 5 of 'cpus', but this machine has only 4",
            "tasks.a.resources.memory: expected a whole number of at least 1",
            "tasks.a.resources.units: it is empty",
        ]
        #expect(found.count == expected.count, "\(found)")
        for (text, beginning) in zip(found, expected) { #expect(text.hasPrefix(beginning), "\(text)") }
    }

    @Test func aTaskThatStandsForAJobAsksForNothing() {
        var job = job()
        job.tasks["a"]?.subJob = SubJob()
        job.tasks["a"]?.resources = ["cpus": 1]
        job.tasks["a"]?.priority = 3
        #expect(issues(job).map(\.path.description) == ["tasks.a.resources"])
    }

    @Test func theMachineIsOnlyLookedAtIfSomebodyAsks() {
        var job = job()
        job.configuration.resources = ["db": 2, "cpus": 64]
        job.tasks["a"]?.resources = ["db": 1, "cpus": 32]
        _ = JobValidator.validate(job, catalog: Self.catalog) {
            Issue.record("nothing of the machine is asked for")
            return HostResources(cpus: 1, memory: 1)
        }
        let table = ResourceTable(job) {
            Issue.record("nothing of the machine is asked for")
            return HostResources(cpus: 1, memory: 1)
        }
        #expect(table.resources == [Resource("db", amount: 2), Resource("cpus", amount: 64)])
    }

    @Test func demandsGoByAttempt() {
        var job = job()
        job.configuration.resources = ["db": 2, "licence": ["x", "y", "z"]]
        job.tasks["a"]?.resources = ["licence": 1, "db": [1, 2], "memory": [1 << 20]]
        let table = ResourceTable(job) { HostResources(cpus: 4, memory: 8 << 30) }
        #expect(table.resources.map(\.name) == ["licence", "db", "memory"])
        let demand = TraitsTable(job, table)[0].demand
        #expect(demand.amounts(of: 1).map(\.amount) == [1, 1, 1 << 20])
        #expect(demand.amounts(of: 2).map(\.amount) == [1, 2, 1 << 20])
        #expect(demand.amounts(of: 9) == demand.amounts(of: 2))
    }

    @Test func tasksOfAJobWithinTheJobHaveItsPriority() {
        var job = job()
        for (name, parent) in [("sub", nil), ("sub/x", "sub"), ("sub/y", "sub"), ("sub/x/z", "sub/x")]
            as [(String, String?)]
        {
            job.addTask(name, Work.self)
            job.tasks[name]?.parent = parent
        }
        let plain = ResourceTable(job) { HostResources(cpus: 1, memory: 1) }
        #expect(TraitsTable(job, plain)[3].priority == 0)
        job.tasks["sub"]?.priority = 5
        job.tasks["sub/y"]?.priority = -1
        let table = TraitsTable(job, plain)
        #expect((0..<5).map { table[$0].priority } == [0, 5, 5, -1, 5])
    }

    @Test func tasksAreEqualWithoutWhatWasTakenBack() {
        var task = TaskDefinition("T")
        task.resources = ["db": 1]
        task.priority = 1
        #expect(task != TaskDefinition("T"))
        task.resources = [:]
        task.priority = nil
        #expect(task == TaskDefinition("T"))
    }

    private func job() -> JobDefinition {
        var job = JobDefinition(name: "job")
        (job.loggers, job.extensions) = ([:], [:])
        job.addTask("a", Work.self)
        return job
    }

    private static var catalog: TypeCatalog {
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        return catalog
    }

    private func issues(_ job: JobDefinition) -> [JobIssue] {
        JobValidator.validate(job, catalog: Self.catalog) { HostResources(cpus: 4, memory: 8 << 30) }
            .filter { $0.severity == .error && $0.path.description.contains("resources") }
    }
}

private struct Work: FlowTask {
    func run() async throws {}
}
