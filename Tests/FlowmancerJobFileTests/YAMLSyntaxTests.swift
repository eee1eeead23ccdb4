import FlowmancerCore
import FoundationEssentials
import Synchronization
import Testing

@testable import FlowmancerJobFile

@Suite struct YAMLSyntaxTests {
    private func parameters(_ text: String) throws -> ParameterValue {
        let indented = text.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }
        let job = try loadYAML("tasks:\n  t:\n    task: T\n    parameters:\n" + indented.joined(separator: "\n"))
        return .object(try job.get().definition.tasks["t"]?.parameters ?? [:])
    }

    @Test func aliasesAndMergeKeysStandForTheirAnchors() throws {
        let value = try parameters(
            """
            base: &base {a: 1, b: 2}
            other: &other {b: 3, c: 4}
            alias: *base
            merged:
              b: 9
              <<: *base
            several: {<<: [*other, *base], d: 5}
            quoted: {"<<": 1}
            list: &list [1, {x: &x deep}]
            uses: [*list, *x]
            *x : key
            """
        )
        #expect(
            value == [
                "base": ["a": 1, "b": 2], "other": ["b": 3, "c": 4], "alias": ["a": 1, "b": 2],
                "merged": ["a": 1, "b": 9], "several": ["b": 3, "c": 4, "a": 1, "d": 5], "quoted": ["<<": 1],
                "list": [1, ["x": "deep"]], "uses": [[1, ["x": "deep"]], "deep"], "deep": "key",
            ]
        )
    }

    @Test func freeSectionForAliasesIsIgnored() throws {
        let job = try loadYAML(
            """
            aliases:
              - &defaults {task: T, max_attempts: 2}
              - anything:
                  - $ENV{NOT_SET}
            tasks:
              a:
                <<: *defaults
                backoff: 1
            """
        )
        #expect(job.issues == [])
        #expect(job.definition.tasks["a"]?.maxAttempts == 2)
        #expect(job.definition.tasks["a"]?.backoff == Backoff(first: .seconds(1)))
    }

    @Test func tagsFixTypes() throws {
        let value = try parameters(
            """
            a: !!str 5
            b: !!int "0x10"
            c: !!float 5
            d: !!bool "true"
            e: !!null ''
            f: ! 5
            g: !!map {}
            h: !!seq []
            """
        )
        #expect(value == ["a": "5", "b": 16, "c": 5.0, "d": true, "e": nil, "f": "5", "g": [:], "h": []])
    }

    @Test func keysAreTextWhateverTheyLookLike() throws {
        #expect(
            try parameters("1: a\n2.50: b\nnull: c\ntrue: d\n~: e\n\"\": f\n? g\n: h\n")
                == ["1": "a", "2.50": "b", "null": "c", "true": "d", "~": "e", "": "f", "g": "h"]
        )
        let job = try loadYAML("tasks: {007: {task: T}, b: {task: T, dependencies: [007]}}")
        #expect(job.definition.tasks["b"]?.dependencies == ["007"])
        #expect(job.definition.tasks["007"] != nil)
    }

    @Test(arguments: ["\u{feff}", "%YAML 1.2\n---\n", "---\n", "# c\n\n"])
    func headsAreRead(head: String) throws {
        let job = try loadYAML(head + "tasks:\r\n  a:\r\n    task: 'T'\r\n    parameters: {x: \"é\u{1F600}\"}\r\n...\n")
        #expect(job.issues == [])
        #expect(job.definition.tasks["a"]?.parameters == ["x": "é\u{1F600}"])
    }

    @Test(
        arguments: [
            ("", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("# only\n", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("---\n...\n", ":2:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("null", ":1:1: error: the file is empty; expected a mapping with 'tasks' in it"),
            ("- a", ":1:1: error: expected a mapping with 'tasks' in it, found a list of one item"),
            ("tasks", ":1:1: error: expected a mapping with 'tasks' in it, found the text \"tasks\""),
            ("aliases: {}\n---\na: b", ":2:1: error: a second document begins here; a job file can contain only one"),
            (
                "tasks:\n\ta: b",
                ":2:1: error: tasks: a value cannot begin with this character (a tab, '@', '`' or '%'); "
                    + "indent with spaces, and put the text in quotes"
            ),
            ("tasks: 'abc\ndef", ":1:8: error: tasks: the closing quote is missing"),
            (
                "tasks:\n  a\n  b: c",
                ":3:4: error: ':' is not allowed here; check the indentation and the ':' of the line before, and put "
                    + "text in quotes if it contains ': '"
            ),
            (
                "tasks:\n  a: b\n  c\n  d: e",
                ":3:3: error: tasks: this line is not 'key: value'; expected ':' and a space after the key"
            ),
            (
                "a: b: c",
                ":1:5: error: ':' is not allowed here; check the indentation and the ':' of the line before, and put "
                    + "text in quotes if it contains ': '"
            ),
            (
                "tasks:\n  a: 1\n b: 2",
                ":3:2: error: expected a key; check the indentation of this line and of the lines before, and "
                    + "quotes within text (the mapping begins at line 1, column 1)"
            ),
            (
                "tasks: [a, b\nconfig: c",
                ":2:7: error: tasks[2]: expected ',' or ']'; check the quotes and brackets before "
                    + "(the list begins at line 1, column 8)"
            ),
            (
                "a: \"\\q\"",
                ":1:5: error: a: unknown escape; expected one of \\n \\t \\\" \\\\ \\xHH \\uHHHH …, or use single quotes"
            ),
            ("a: \u{1}", ":1:4: error: the character U+0001 is not allowed; write it as \"\\u0001\" in double quotes"),
            (
                "a: !!>x 5",
                ":1:4: error: a: text that begins with '!' is a tag, and this one is not valid; put the text in quotes"
            ),
            (
                "%x\na: b",
                ":1:1: error: a line that begins with '%' is a YAML directive, and this one is not valid; put the text in quotes"
            ),
            ("aliases: *x", ":1:10: error: aliases: no anchor is named 'x'; an anchor is written &x, before its use"),
            ("aliases: [&base 1, *bsae]", ":1:20: error: aliases[1]: no anchor is named 'bsae'; did you mean 'base'?"),
            (
                "aliases: &a [1, {b: *a}]",
                ":1:21: error: aliases[1].b: the anchor 'a' stands for a value that contains it"
            ),
            (
                "aliases: !custom 5",
                ":1:10: error: aliases: expected no tag, or one of: !sub, !!str, !!int, !!float, !!bool, !!null, !!seq, "
                    + "!!map, found the tag \"!custom\""
            ),
            (
                "aliases: !!int x",
                ":1:10: error: aliases: expected a value that fits its tag !!int, found the text \"x\""
            ),
            (
                "aliases: !!map [1]",
                ":1:10: error: aliases: expected no tag, or one of: !sub, !!str, !!int, !!float, !!bool, !!null, !!seq, "
                    + "!!map, found the tag \"!!map\""
            ),
            (
                "aliases: {<<: 5}",
                ":1:15: error: aliases: expected a mapping or a list of mappings after '<<', found the number 5"
            ),
            ("aliases: {[a]: 5}", ":1:11: error: aliases: expected a key (text), found a list of one item"),
        ]
    )
    func mistakesAreWordedAndLocated(text: String, message: String) throws {
        let messages = try messagesOfYAML(text).filter { !$0.contains("unknown key") }
        #expect(messages == ["job.yaml" + message])
    }

    @Test func allDuplicateKeysAreReported() throws {
        let text = """
            config: {name: a, name: b}
            tasks:
              a: {task: T}
              b: {task: T, task: U}
              a: {task: V}
            config: {}
            """
        let job = try JobDirectory(["job.yaml": text]).load("job.yaml")
        #expect(job.issues.map(\.location?.line) == [1, 4, 5, 6])
        #expect(job.issues.map(\.location?.column) == [19, 16, 3, 1])
        #expect(job.issues.map(\.path.description) == ["config.name", "tasks.b.task", "tasks.a", "config"])
        let messages = job.issues.map(\.message)
        #expect(messages.contains { $0.hasSuffix("/job.yaml:3:3; remove one of them") })
    }

    @Test(arguments: [([0x61, 0x3a, 0x20, 0xc3, 0xa9, 0xff], "1:5", "0xFF"), ([0x0a, 0x0a, 0xc3], "3:1", "0xC3")])
    func invalidTextIsLocated(bytes: [UInt8], place: String, byte: String) throws {
        let directory = try JobDirectory()
        for name in ["job.yaml", "job.json"] {
            try directory.write(name, bytes)
            let message = "\(name):\(place): error: the byte \(byte) is not UTF-8 text; save the file as UTF-8"
            #expect(directory.messages(name) == [message])
        }
        try directory.write("job.yaml", [0xff, 0xfe, 0x61, 0x00])
        #expect(directory.messages("job.yaml") == ["job.yaml:1:1: error: the file is UTF-16; save it as UTF-8"])
    }

    @Test func aliasesThatStandForTooMuchAreRefused() throws {
        var text = "aliases:\n  a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "  a\(level): &a\(level) [\(items)]\n"
        }
        text += "tasks: {t: {task: T, parameters: {x: *a30}}}"
        let messages = try messagesOfYAML(text)
        #expect(messages.count == 1)
        #expect(messages.first?.hasPrefix("job.yaml:7:") == true)
        #expect(messages.first?.contains("the aliases of this file stand for more than") == true)
    }

    @Test func aliasesThatNestTooDeeplyAreRefused() throws {
        var text = "aliases:\n  a0: &a0 [x]\n"
        for level in 1...200 { text += "  a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(
            try messagesOfYAML(text) == [
                "job.yaml:100:14: error: lists and mappings are nested more than 100 levels deep"
            ]
        )
    }

    @Test(
        arguments: [
            ("yaml", "[", ""), ("yaml", "{a: ", ""), ("yaml", "- ", "x"), ("yaml", "? ", "x"), ("json", "[", ""),
            ("json", "{\"a\":", ""), ("yaml", "[{a: ", ""),
        ]
    )
    func greatDepthNeedsNoStack(format: String, opening: String, inside: String) throws {
        let text = String(repeating: opening, count: 100_000) + inside
        let directory = try JobDirectory(["job.\(format)": text])
        let messages = onSmallStack { directory.messages("job.\(format)") }
        #expect(messages.count == 1)
        #expect(messages.first?.contains("more than 100 levels deep") == true)
    }

    @Test(arguments: ["yaml", "json"])
    func permittedDepthFitsASmallStack(format: String) throws {
        let value = String(repeating: "[", count: 96) + "1" + String(repeating: "]", count: 96)
        let directory = try JobDirectory([
            "job.\(format)": #"{"tasks": {"t": {"task": "T", "parameters": {"x": \#(value)}}}}"#
        ])
        let dumped = onSmallStack { () -> [String] in
            let job = directory.load("job.\(format)")
            guard let text = try? YAMLJobDefinitionFormat().dump(job.definition) else { return [] }
            return job.issues.map(\.description) + [text]
        }
        #expect(dumped.count == 1)
        #expect(dumped.first?.contains("- - - - ") == true)
    }

    /// Runs `body` on a thread with 512 KiB of stack, as secondary threads have on some systems.
    private func onSmallStack(_ body: @Sendable () -> [String]) -> [String] {
        withoutActuallyEscaping(body) { body in
            let result = Mutex<[String]>([])
            runOnThread(stackSize: 512 << 10) { result.withLock { $0 = body() } }
            return result.withLock { $0 }
        }
    }
}
