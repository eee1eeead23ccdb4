import FlowmancerCore
import Testing

/// Which outputs fit which parameters, as far as types tell.
@Suite struct PublishedTypeTests {
    private struct Source: FlowTask {
        @Output var text: String
        @Output var count: Int
        @Output var ratio: Double
        @Output var flag: Bool
        @Output var names: [String]
        @Output var sizes: [String: Int]
        @Output var pause: Duration
        @Output var perhaps: Int?
        @Output var numbers: [Int]

        func run() async throws {}
    }

    private struct Inner: ParameterGroup {
        @Parameter var size = 0
    }

    private enum Mode: String { case fast, slow }

    private struct User: FlowTask {
        @Parameter var text = ""
        @Parameter var count = 0
        @Parameter var ratio = 0.5
        @Parameter var flag = false
        @Parameter var names: [String] = []
        @Parameter var sizes: [String: Int] = [:]
        @Parameter var pause = Duration.zero
        @Parameter var mode = Mode.fast
        @Parameter var inner = Inner()
        @Parameter var perhaps: Int?

        func run() async throws {}
    }

    private func issues(_ parameter: String, _ value: ParameterValue) -> [String] {
        var job = JobDefinition(name: "job")
        job.addTask("source", Source.self)
        job.addTask("user", User.self, parameters: [parameter: value])
        // The catalogue is without the default plug-ins.
        return JobValidator.validate(job, catalog: TypeCatalog())
            .filter { $0.path.components.first == .key("tasks") }.map(\.message)
    }

    @Test(
        arguments: [
            ("text", ["text", "count", "ratio", "flag", "pause", "perhaps"]),
            ("count", ["count", "ratio", "pause", "perhaps"]), ("ratio", ["count", "ratio", "pause", "perhaps"]),
            ("flag", ["flag", "count", "perhaps"]), ("names", ["names", "numbers"]), ("sizes", ["sizes"]),
            ("pause", ["text", "count", "ratio", "pause", "perhaps"]), ("inner", ["sizes"]),
            ("perhaps", ["count", "ratio", "pause", "perhaps"]),
        ] as [(String, [String])]
    )
    func typesAreCompared(parameter: String, fitting: [String]) {
        for output in ["text", "count", "ratio", "flag", "names", "sizes", "pause", "perhaps", "numbers"] {
            let found = issues(parameter, .output("source", output))
            if fitting.contains(output) {
                #expect(found == [], "\(parameter): \(output)")
            } else {
                #expect(
                    found.count == 1 && found[0].contains("'source' publishes '\(output)' as "),
                    "\(parameter): \(output)"
                )
            }
        }
    }

    @Test func theMessageSaysWhatIsExpected() {
        #expect(issues("count", .output("source", "text")) == ["expects an integer; 'source' publishes 'text' as text"])
        #expect(
            issues("names", .template("$OUT{source.text}, x")).first?.contains("found text with variables in it")
                == true
        )
        #expect(issues("count", .template("1$OUT{source.count}")) == [])
        #expect(issues("mode", .output("source", "text")) == [])
        #expect(issues("inner", ["size": .output("source", "names")]).count == 1)
        #expect(issues("names", [.output("source", "count"), "b"]) == [])
        #expect(
            issues("count", .output("source", "count", default: "none")).first?.contains("found the default none")
                == true
        )
        #expect(issues("names", .output("source", "names", default: [])) == [])
    }
}
