import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct ForEachLoadingTests {
    private func forEach(_ text: String) throws -> ForEach? {
        let job = try loadYAML("tasks:\n  load:\n    task: T\n    for_each: \(text)\n")
        #expect(job.issues.isEmpty, "\(job.issues)")
        return job.definition.tasks["load"]?.forEach
    }

    @Test(
        arguments: [
            ("[eu, us]", ["eu", "us"]),
            ("{region: [eu, us], year: [1, 2]}", ["region": ["eu", "us"], "year": [1, 2]]),
            (#"'["eu"]'"#, ForEach("[\"eu\"]")), ("{items: [a, b]}", ["a", "b"]),
            (
                "{items: [{code: eu}], key: code, max_concurrency: 8, max_failures: 2}",
                ForEach([["code": "eu"]], key: "code", maxConcurrency: 8, maxFailures: 2)
            ),
            ("{items: {x: [1]}, max_failures: none}", ["x": [1]]), ("{items: {items: [1]}}", ["items": [1]]),
            ("[]", []),
        ] as [(String, ForEach)]
    )
    func formsAreRead(_ text: String, _ expected: ForEach) throws {
        #expect(try forEach(text) == expected)
    }

    @Test func formsAreWrittenAndReadBack() throws {
        let groups: [ForEach] = [
            ["eu", "us"], ["x": [1, 2], "y": ["a"]], ForEach("[1]"), ForEach(["items": [1]]), ForEach([1], key: "k"),
            ForEach(["items": ["a"]], maxConcurrency: 3, maxFailures: 1), ForEach([]), ForEach([nil, [1]]),
        ]
        for format in [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()] as [any JobDefinitionFormat] {
            for group in groups {
                var job = JobDefinition(name: "job")
                job.tasks["load"] = TaskDefinition("T")
                job.tasks["load"]?.forEach = group
                let text = try format.dump(job)
                let directory = try JobDirectory(["job.\(format.key)": text])
                let loaded = directory.load("job.\(format.key)")
                #expect(loaded.definition == job && loaded.issues.isEmpty, "\(text)\n\(loaded.issues)")
            }
        }
    }

    @Test func laterFilesReplaceItems() throws {
        let directory = try JobDirectory([
            "base.yaml": """
            tasks:
              load: {task: T, for_each: {items: [a, b], max_concurrency: 2}}
              sum: {task: T, for_each: {x: [1], y: [2]}}
            """,
            "job.yaml": """
            include: [base.yaml]
            tasks:
              load: {for_each: [c]}
              sum: {for_each: {items: [d], key: k}}
            """,
        ])
        let job = directory.load("job.yaml")
        #expect(job.issues.isEmpty, "\(job.issues)")
        #expect(job.definition.tasks["load"]?.forEach == ForEach(["c"], maxConcurrency: 2))
        #expect(job.definition.tasks["sum"]?.forEach == ForEach(["d"], key: "k"))
    }

    @Test(
        arguments: [
            ("5", "3:15: error: tasks.load.for_each: expected a list, a mapping of lists"),
            ("", "error: tasks.load.for_each: expected a list, a mapping of lists"),
            ("{items: 5}", "3:23: error: tasks.load.for_each.items: expected a list"),
            (
                "{items: [a], max_concurrency: 0}",
                "tasks.load.for_each.max_concurrency: expected a number of at least 1"
            ),
            (
                "{items: [a], max_failures: x}",
                "tasks.load.for_each.max_failures: expected a number of at least 1, or none"
            ),
            ("{items: [a], key: 5}", "tasks.load.for_each.key: expected the name of a field"),
            ("{items: [a], max_concurency: 5}", "unknown key 'max_concurency'; did you mean 'max_concurrency'?"),
            // Found when the job is checked.
            ("[a, b, a]", "3:22: error: tasks.load.for_each[2]: items 0 and 2 both have the key 'a'"),
            ("{items: [a, '']}", "3:27: error: tasks.load.for_each.items[1]: item 1 is empty text"),
            ("{x: [1], max_failures: 2}", "3:38: error: tasks.load.for_each.max_failures: 'max_failures' is a number"),
            ("{x: [1, 1]}", "3:23: error: tasks.load.for_each.x[1]: items 0 and 1"),
            ("{items: [{a: 1}], key: b}", "3:24: error: tasks.load.for_each.items[0]: item 0 has no field 'b'"),
            ("a b", "3:15: error: tasks.load.for_each: expected a list, a mapping of lists (for all combinations)"),
        ]
    )
    func mistakesAreLocated(_ text: String, _ expected: String) throws {
        let job = try loadYAML("tasks:\n  load: {task: T,\n    for_each: \(text)}\n")
        var catalog = TypeCatalog()
        catalog.register(Plain.self, as: "T")
        let issues = job.report(adding: JobValidator.validate(job.definition, catalog: catalog)).map(\.description)
        #expect(issues.contains { $0.contains(expected) }, "\(issues)")
    }

    @Test func clashWithAnItemIsRefused() throws {
        let job = try loadYAML(
            "tasks:\n  load: {task: T, for_each: [eu]}\n  'load[eu]': {task: T}\n  'load[x]': {task: T}\n"
        )
        var catalog = TypeCatalog()
        catalog.register(Plain.self, as: "T")
        let issues = JobValidator.validate(job.definition, catalog: catalog).filter {
            $0.path.components.first == .key("tasks")
        }
        #expect(issues.map(\.location?.line) == [3])
        #expect(issues.first?.message == "'load[eu]' is also the name of a task of 'load'; rename one of them")
    }

    @Test func secretsAreNoNames() throws {
        let job = try loadYAML(
            """
            tasks:
              a: {task: Safe, parameters: {token: open/sesame}}
              b: {task: T, for_each: [x, to open/sesame]}
              c: {task: T, for_each: {x: [open/sesame]}}
            """
        )
        var catalog = TypeCatalog()
        catalog.register(Plain.self, as: "T")
        catalog.register(Safe.self, as: "Safe")
        let issues = JobValidator.validate(job.definition, catalog: catalog).filter {
            $0.path.components.first == .key("tasks")
        }
        #expect(issues.map(\.path.description) == ["tasks.b.for_each[1]", "tasks.c.for_each"])
        #expect(issues.allSatisfy { $0.message.contains("contains a secret") && !$0.message.contains("sesame") })
    }

    struct Safe: FlowTask {
        @Parameter(.secret) var token: String

        func run() async throws {}
    }

    struct Plain: FlowTask {
        func run() async throws {}
    }
}
