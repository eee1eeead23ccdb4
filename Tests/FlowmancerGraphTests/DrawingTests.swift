import FlowmancerCore
import Testing

@testable import FlowmancerGraph

@Suite struct DrawingTests {
    private static let graph = JobGraph(
        title: "a \"job\" & more",
        nodes: [.init(name: #"a"b<c>&'\n"#, type: "T<U>"), .init(name: "`x` #1; |y| {z}", type: "V")],
        edges: [(from: 0, to: 1)]
    )

    @Test func mermaidHasNothingInNamesThatMeansSomethingThere() {
        #expect(
            GraphFormat.mermaid.draw(Self.graph) == """
                flowchart TD
                    t0["a#34;b#60;c#62;#38;#39;#92;n"]
                    t1["#96;x#96; #35;1#59; #124;y#124; #123;z#125;"]
                    t0 --> t1
                """
        )
    }

    @Test func dotHasItsQuotesAndBackslashesEscaped() {
        let text = GraphFormat.dot.draw(Self.graph)
        #expect(text.hasPrefix(#"digraph "a \"job\" &amp; more" {"#))
        #expect(text.contains(#"t0 [label="a\"b<c>&amp;'\\n", tooltip="T<U>"];"#))
        #expect(text.contains("t0 -> t1;"))
        #expect(text.hasSuffix("}"))
    }

    @Test func svgHasItsTextEscaped() {
        let text = GraphFormat.svg.draw(Self.graph)
        #expect(text.contains("<title>a &quot;job&quot; &amp; more</title>"))
        #expect(text.contains(#"a&quot;b&lt;c&gt;&amp;&#39;\n"#))
        #expect(!text.contains("<c>") && !text.contains("T<U>"))
        #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>"))
    }

    /// With an accent behind it, a quote is another character in Swift, but not for those who read the drawing.
    @Test(arguments: [(GraphFormat.mermaid, "#34;"), (.dot, "\\\""), (.svg, "&quot;")])
    func anAccentHidesNothing(format: GraphFormat, quote: String) {
        let graph = JobGraph(title: "j", nodes: [.init(name: "a\"\u{301}b", type: "T")], edges: [])
        #expect(format.draw(graph).unicodeScalars.contains("a\(quote)\u{301}b".unicodeScalars))
    }

    @Test(
        arguments: [
            (GraphFormat.mermaid, "t0[\"audit<br/>any_failed<br/>allow_failure\"]"),
            (.dot, "t0 [label=\"audit\\nany_failed\\nallow_failure\", tooltip=\"Shell\"];"),
            (.svg, ">Shell · any_failed · allow_failure</text>"),
        ]
    )
    func rulesAreALabelOfTheirTask(format: GraphFormat, label: String) {
        var job = JobDefinition(name: "j")
        job.tasks["audit"] = TaskDefinition("Shell")
        job.tasks["audit"]?.runIf = .anyFailed
        job.tasks["audit"]?.allowsFailure = true
        #expect(format.draw(JobGraph(job)).contains(label), "\(format.draw(JobGraph(job)))")
    }

    @Test func longNamesAreCutAndWholeInTheTooltip() {
        let name = String(repeating: "long-", count: 40)
        let graph = JobGraph(title: "j", nodes: [.init(name: name, type: "T")], edges: [])
        let text = GraphFormat.svg.draw(graph)
        #expect(text.contains("<title>\(name) (T)</title>"))
        #expect(text.contains("…</text>"))
        #expect(text.components(of: name) == 1)
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
