import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerJobFile

/// Variables in job files that are known in the run only.
@Suite struct TemplateTests {
    private static let formats: [any PartialJobLoading] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]

    private static let texts = [
        "a", "$", "$$", "x}", "{", " ", "$ITEM", "$ITEMS", "$OUT{", "$OUT{a.b}", "$ENV{X}", "$$DICT{k}", "é", "_1",
        ": ", "#",
        "\n", "'", "\"", "\\", "- ", "$VAR{x:y}", "$STATE{a}", "$SYS{DOLLAR}",
    ]

    private func template(_ random: inout SeededGenerator) -> ValueTemplate {
        let references = [
            ExpressionReference(.output, "a.rows"), ExpressionReference(.output, "a b.x-1", fallback: .text("0: 1")),
            ExpressionReference(.shared, "k", fallback: .text("")), ExpressionReference(.item, ""),
            ExpressionReference(.item, "code", fallback: .refusal(reason: "no")),
            ExpressionReference(.output, "a.b.c", fallback: .text("?=-+")),
        ]
        var pieces: [ValueTemplate.Piece] = []
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            pieces.append(
                random.chance(50)
                    ? .text(Self.texts.randomElement(using: &random)!)
                    : .reference(references.randomElement(using: &random)!)
            )
        }
        return ValueTemplate(pieces + [.reference(references[0])])
    }

    @Test(arguments: ["yaml", "json"], 0..<10)
    func dumpedTemplatesLoadBackEqual(key: String, block: UInt64) throws {
        let format = try #require(Self.formats.first { $0.key == key })
        let directory = try JobDirectory()
        var random = SeededGenerator(seed: block)
        for _ in 0..<20 {
            var job = JobDefinition(name: "job")
            var task = TaskDefinition("Work")
            task.parameters = [
                "a": .template(template(&random)), "b": [.template(template(&random)), "$OUT{x.y}"],
                "c": ["d": .template(template(&random))],
            ]
            task.timeout = .template(template(&random))
            job.tasks["t"] = task
            let text = try format.dump(job)
            try directory.write("job.\(key)", Array(text.utf8))
            let loaded = directory.load("job.\(key)")
            #expect(loaded.definition.tasks["t"]?.parameters == task.parameters, "\(loaded.issues)\n\(text)")
            #expect(loaded.definition.tasks["t"]?.timeout == task.timeout, "\(loaded.issues)\n\(text)")
            #expect(loaded.issues.allSatisfy { $0.severity == .warning })
            #expect(try format.dump(loaded.definition) == text)
        }
    }

    private func load(_ text: String) throws -> PartialJob {
        let directory = try JobDirectory()
        try directory.write("job.yaml", Array(text.utf8))
        return directory.load("job.yaml")
    }

    @Test func knownVariablesArePutInAtOnce() throws {
        let job = try load(
            """
            tasks:
              t:
                task: Work
                parameters:
                  a: $VAR{x:5} of $OUT{s.n:0} $$OUT{y} $ITEMS
                  b: $SYS{DOLLAR}$ITEM{price}
                  c: '$OUT{s.n}'
                  d: !sub |
                    $DICT{k}
                  e: $ITEM
            """
        )
        let parameters = try #require(job.definition.tasks["t"]?.parameters)
        #expect(
            parameters["a"]
                == .template(
                    ValueTemplate([
                        .text("5 of "), .reference(ExpressionReference(.output, "s.n", fallback: .text("0"))),
                        .text(" $OUT{y} $ITEMS"),
                    ])
                )
        )
        #expect(
            parameters["b"] == .template(ValueTemplate([.text("$"), .reference(ExpressionReference(.item, "price"))]))
        )
        #expect(parameters["c"] == "$OUT{s.n}")
        #expect(parameters["d"] == .template("$DICT{k}\n"))
        #expect(parameters["e"] == .item)
        #expect(job.issues.map(\.message).filter { !$0.hasPrefix("$OUT{s.n} is not replaced in quoted text") } == [])
    }

    @Test func elsewhereTheyAreErrors() throws {
        let job = try load(
            """
            include: [!sub "$OUT{a.b}"]
            config: {name: !sub "$OUT{a.b}", max_concurrency: !sub "$DICT{n}"}
            tasks:
              !sub "$OUT{a.b}": {task: Work}
              t:
                task: $OUT{a.b}
                dependencies: [!sub "$OUT{a.b}"]
                max_attempts: $OUT{a.b}
                parameters: {$OUT: 1}
            loggers:
              l: {logger: FileLogger, parameters: {base_log_dir: !sub "$OUT{a.b}"}}
            """
        )
        let refused = job.issues.filter { $0.message.contains("is known in the run only") }
        #expect(
            Set(refused.map(\.path.description)) == [
                "", "include[0]", "config.name", "config.max_concurrency", "tasks.t.task", "tasks.t.dependencies[0]",
                "tasks.t.max_attempts", "loggers.l.parameters.base_log_dir",
            ]
        )
        #expect(refused.allSatisfy { $0.severity == .error && $0.location != nil })
    }

    @Test func mistakesAreErrorsWithAPlace() throws {
        for (text, message) in [
            ("$OUT{rows}", "is not the name of an output"), ("$STATE{a}", "has a value in 'when' only"),
            ("$OUT{a.b:$VAR{x}}", "cannot contain another variable"), ("$OUT{a.b", "has no '}' at its end"),
            ("$DICT{}", "has no name"),
        ] {
            let job = try load("tasks: {t: {task: Work, parameters: {a: !sub \"\(text)\"}}}")
            let issue = try #require(job.issues.first { $0.severity == .error }, "\(text)")
            #expect(issue.message.contains(message), "\(issue)")
            #expect(issue.location?.column == 41)
        }
    }
}
