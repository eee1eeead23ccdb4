import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct JobHistoryTests {
    private func history(_ files: [String: String], environment: [String: String] = [:]) throws -> JobHistory {
        let directory = try JobDirectory(files)
        let context = JobLoadingContext(appRoot: directory.path, environment: environment)
        return YAMLJobDefinitionFormat().loadHistory("\(directory.path)/job.yaml", context: context)
    }

    private func path(_ text: String) throws -> ParameterPath { try #require(ParameterPath(parsing: text)) }

    private static let files = [
        "job.yaml": "include: [a.yaml, b.yaml]\ntasks:\n  t:\n    parameters: {x: 3, list: [7]}\n",
        "a.yaml": "include: [base.yaml]\ntasks:\n  t:\n    parameters:\n      y: $ENV{Y:5}\n",
        "b.yaml": "tasks:\n  t: {depends_on: [u]}\n  u: {task: U}\n",
        "base.yaml": "tasks:\n  t:\n    task: T\n    dependencies: []\n    parameters: {x: 1, y: 2, list: [8, 9]}\n",
    ]

    @Test func aValueKnowsWhichFilesSetIt() throws {
        let history = try history(Self.files)
        let origins = history.origins(of: try path("tasks.t.parameters.x"))
        #expect(origins.map(\.value) == [1, 3])
        #expect(origins.map { "\($0.location)".split(separator: "/").last } == ["base.yaml:5:21", "job.yaml:4:21"])
        #expect(origins.first?.chain.dropFirst() == ["a.yaml", "base.yaml"])
        #expect(origins.last?.chain.count == 1)
    }

    @Test func aSecondSpellingOfAKeyIsTheSameKey() throws {
        let history = try history(Self.files)
        #expect(history.leaves(at: try path("tasks.t.dependencies")) == [try path("tasks.t.dependencies[0]")])
        #expect(history.origins(of: try path("tasks.t.dependencies[0]")).map(\.value) == ["u"])
    }

    @Test func listsReplaceEachOther() throws {
        let history = try history(Self.files)
        #expect(
            history.leaves(at: try path("tasks.t.parameters.list")).map(\.description) == ["tasks.t.parameters.list[0]"]
        )
        #expect(history.origins(of: try path("tasks.t.parameters.list[0]")).map(\.value) == [8, 7])
        #expect(!history.hasValue(at: try path("tasks.t.parameters.list[1]")))
    }

    @Test(
        arguments: [(nil, "5", "fallback(\"5\")"), ("7", "7", "value(\"7\")")] as [(String?, ParameterValue, String)]
    )
    func variablesAreKnown(value: String?, expanded: ParameterValue, source: String) throws {
        let history = try history(Self.files, environment: value.map { ["Y": $0] } ?? [:])
        let origin = try #require(history.origins(of: try path("tasks.t.parameters.y")).last)
        #expect(origin.written == "$ENV{Y:5}")
        #expect(origin.value == expanded)
        #expect(origin.variables.map(\.name) == ["$ENV{Y}"])
        #expect("\(origin.variables[0].source)" == source)
    }

    @Test func theJobIsTheSameAsWithoutAHistory() throws {
        let directory = try JobDirectory(Self.files)
        let context = JobLoadingContext(appRoot: directory.path, environment: [:])
        let format = YAMLJobDefinitionFormat()
        let plain = format.loadPartially("\(directory.path)/job.yaml", context: context)
        #expect(format.loadHistory("\(directory.path)/job.yaml", context: context).job.definition == plain.definition)
    }

    @Test func whatCannotBeReadIsNotComplete() throws {
        #expect(try history(["job.yaml": "tasks: {"]).job.isComplete == false)
        #expect(try history(["job.yaml": "include: [nope.yaml]"]).job.isComplete == false)
        #expect(try history(["job.yaml": "tasks: {a: {tsk: X}}"]).job.isComplete)
    }
}
