import FlowmancerCore
import Foundation
import OrderedCollections
import Testing

/// The `@Output` properties of a task.
@Suite struct OutputTests {
    private func json(_ task: some FlowTask) throws -> String { try TaskOutputs(of: task).json.rawValue }

    @Test func whatWasSetIsPublishedAsAJobFileHasIt() throws {
        var task = Many()
        task.rowCount = 42
        task.elapsed = .milliseconds(1_500)
        task.page = URL(string: "https://example.org/a?b=c")!
        task.kinds = [.small, .large]
        task.parts = ["b": Part(name: "x/y", size: 0.5), "a": Part(name: "", size: 2)]
        task.ratio = .infinity
        task.note = "\"n\""
        let parts = #"{"a":{"name":"","size":2},"b":{"name":"x/y","size":0.5}}"#
        #expect(
            try json(task) == """
                {"row_count":42,"elapsed":"1500ms","page":"https://example.org/a?b=c","kinds":["small","large"],\
                "parts":\(parts),"ratio":"inf","note":"\\"n\\"","level":3}
                """
        )
    }

    @Test func whatHasNoValueIsNotPublished() throws {
        #expect(try json(Many()) == #"{"level":3}"#)
        var task = Many()
        task.note = "x"
        #expect(try json(task) == #"{"note":"x","level":3}"#)
        task.note = nil
        #expect(task.note == nil)
        #expect(try json(task) == #"{"level":3}"#)
        #expect(try TaskOutputs(of: Plain()).isEmpty)
    }

    @Test func copiesAreIndependent() throws {
        var first = Many()
        first.level = 4
        var second = first
        second.level = 5
        #expect(first.level == 4 && second.level == 5)
        let level = Mirror(reflecting: first).children.first { $0.label == "_level" }
        #expect(level.flatMap { Mirror(reflecting: $0.value).descendant("value") as? Int } == 4)
    }

    @Test func classesAndFlattenedGroupsHaveOutputs() throws {
        let task = Derived()
        task.base = 1
        task.own = "o"
        task.group.count = 7
        #expect(try json(task) == #"{"base":1,"own":"o","count":7}"#)
    }

    @Test func aValueThatCannotBeWrittenIsNamed() {
        var task = Unwritable()
        task.part = Part(name: "x", size: .nan)
        let error = #expect(throws: OutputError.self) { try TaskOutputs(of: task) }
        let problem = "the output 'part' is not published, because it cannot be written as JSON"
        #expect(error?.description.hasPrefix(problem) == true)
    }

    @Test func outputsAreDescribedAndAreNoParameters() throws {
        let group = GroupDescription(of: Many.self)
        #expect(group.parameters.map(\.key) == ["file"])
        #expect(
            group.outputs.map { "\($0.key): \($0.type.words)" } == [
                "row_count: integer", "elapsed: duration", "page: URL", "kinds: list of (small | large)",
                "parts: mapping to Part", "ratio: number", "note: text", "level: integer",
            ]
        )
        #expect(group.outputs[0].help == "How many rows there are.")
        #expect(group.outputs[0].propertyName == "rowCount")
        var issues: [JobIssue] = []
        let values: OrderedDictionary<String, ParameterValue> = ["file": "f", "row_count": 3]
        _ = ParameterBinder.make(Many.self, from: values, at: ParameterPath("p"), issues: &issues)
        #expect(issues.count == 1 && issues[0].path.description == "p.row_count")
    }

    @Test func namesBeginWithALetter() {
        for name in ["a", "_", "a1", "größe", "a-b_c"] { #expect(TaskOutputs.isName(name), "\(name)") }
        for name in ["", "1a", "-a", "a.b", "a b", "a:b", "a}", "a=", "🎉", "a\n"] {
            #expect(!TaskOutputs.isName(name), "\(name)")
        }
    }
}

private struct Plain: FlowTask {
    @Parameter var x = 1
    func run() async throws {}
}

private struct Many: FlowTask {
    enum Kind: String, Codable { case small, large }

    @Parameter var file: String
    @Output("How many rows there are.") var rowCount: Int
    @Output var elapsed: Duration
    @Output var page: URL
    @Output var kinds: [Kind]
    @Output var parts: [String: Part]
    @Output var ratio: Double
    @Output var note: String?
    @Output var level = 3

    func run() async throws {}
}

private struct Part: Codable {
    var name: String
    var size: Double
}

private struct Unwritable: FlowTask {
    @Output var part: Part
    func run() async throws {}
}

private struct Counted: ParameterGroup {
    @Parameter var limit = 3
    @Output var count: Int
}

private class Base: FlowTask {
    @Output var base: Int
    required init() {}
    func run() async throws {}
}

private final class Derived: Base {
    @Output var own: String
    @Flattened var group: Counted
}
