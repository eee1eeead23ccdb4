import FlowmancerCore
import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import FlowmancerHistory

@Suite struct RunReportTests {
    private static let evil =
        #""><img src=x onerror=alert(1)><script>alert('x')</script>&\u{202E}"# + "\u{1B}[31m\u{0}\n"

    /// A run in which everything that others give names to has the name of an attack.
    private static var attack: MadeUpRun {
        var run = MadeUpRun([
            RecordedTask(
                name: evil,
                type: evil,
                parameters: ParameterValue.object([evil: .string(evil), "list": .array([.string(evil)])]).json
            ),
            RecordedTask(name: "each", type: evil, dependencies: [0], form: .items),
        ])
        run.record.jobName = evil
        run.record.jobFile = evil
        run.record.hostName = evil
        run.record.program = evil
        run.record.programVersion = evil
        run.record.directory = evil
        run.record.resumeCommand = evil
        run.record.logDirectories = [evil]
        run.attempt(evil, 0...1, end: .pending, failure: AttemptFailure(reason: evil, lastLines: [evil]))
        run.attempt(evil, 2...3, number: 2, end: .failed, failure: AttemptFailure(reason: evil, lastLines: [evil]))
        run.publish(evil, [evil: JSONText(rawValue: ParameterValue.string(evil).json.rawValue)], at: 3)
        run.expand("each", ["each[\(evil)]"], at: 3)
        run.change("each[\(evil)]", to: .skipped, at: 4, attempt: 0, reason: evil)
        run.end(.failed, at: 5, reason: evil)
        return run
    }

    /// A page is also XML, so a parser for that finds what is not closed or not escaped.
    private func elements(of page: String) throws -> PageElements {
        let parser = XMLParser(data: Data(page.utf8))
        let elements = PageElements()
        parser.delegate = elements
        #expect(parser.parse(), "\(String(describing: parser.parserError)) in line \(parser.lineNumber)")
        return elements
    }

    @Test func namesReasonsAndLinesAreNeverMarkup() throws {
        let report = Self.attack.report(
            problems: [HistoryProblem(place: Self.evil, reason: Self.evil)],
            excerpts: [0: LogExcerpt(path: Self.evil, lines: [Self.evil, "\u{1B}[32mgreen"], isCut: true)]
        )
        let page = String(decoding: report.html, as: UTF8.self)
        let elements = try elements(of: page)
        #expect(elements.count["script"] == 1)
        #expect(elements.count["img"] == nil)
        #expect(elements.attributes.isDisjoint(with: ["onerror", "onload", "onclick", "src"]))
        #expect(!page.utf8.contains(0) && !page.utf8.contains(0x1B))
    }

    @Test func nothingIsTakenFromElsewhere() throws {
        let page = Self.attack.page()
        let elements = try elements(of: page)
        #expect(elements.links.allSatisfy { $0.hasPrefix("#") })
        #expect(!page.contains("@import") && !page.contains("url(http"))
        #expect(page.contains("default-src 'none'".replacing("'", with: "&#39;")))
    }

    /// Otherwise browsers do not run the script.
    @Test func thePolicyHasTheDigestOfTheScript() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array(ReportScript.source.utf8), to: "script")
        let script = "\(directory.path)/script"
        let child = try spawn("/usr/bin/sha256sum", ["sha256sum", script], output: "\(directory.path)/sum")
        var status: Int32 = 0
        #expect(waitpid(child, &status, 0) == child && status == 0)
        let hexadecimal = try directory.text("sum").prefix(64)
        let bytes = stride(from: 0, to: 64, by: 2).map { offset in
            UInt8(hexadecimal.dropFirst(offset).prefix(2), radix: 16) ?? 0
        }
        #expect(Data(bytes).base64EncodedString() == ReportScript.digest)
        // They need no escaping, and the script is the same in HTML and in XML.
        #expect(!ReportScript.source.contains { "<&>".contains($0) })
        #expect(!ReportStyle.sheet.contains { "<&".contains($0) })
    }

    @Test func theHeadTellsWhatHappened() {
        var run = MadeUpRun([
            RecordedTask(name: "load"), RecordedTask(name: "lint"), RecordedTask(name: "report", dependencies: [0]),
        ])
        run.attempt("lint", 0...1, end: .pending, failure: AttemptFailure(reason: "exit code 3"))
        run.attempt(
            "load",
            0...63,
            end: .failed,
            failure: AttemptFailure(reason: "exit code 7", lastLines: ["connecting", "no route to host"])
        )
        run.attempt("lint", 5...6, number: 2)
        run.change("report", to: .defaulted, at: 63, attempt: 0, reason: "its dependency 'load' failed")
        run.end(.failed, at: 64)
        let page = run.page()
        #expect(page.contains("The run failed after 1 min 4 s."))
        #expect(page.contains("<b>1</b> failed</li>") && page.contains("<b>1</b> not run</li>"))
        #expect(page.contains("<p class=\"why\">exit code 7</p>"))
        #expect(page.contains("connecting\nno route to host"))
        #expect(page.contains("its dependency &#39;load&#39; failed"))
        // Both attempts of a task that was retried.
        #expect(page.contains("<h2 id=\"attempts-title\">Attempts</h2>") && page.contains("exit code 3"))
        #expect(page.range(of: "exit code 7")!.lowerBound < page.range(of: "<table")!.lowerBound)
    }

    @Test func aRunWithoutTasksHasAPage() throws {
        var run = MadeUpRun()
        run.end(.succeeded, at: 0)
        let page = run.page()
        _ = try elements(of: page)
        #expect(page.contains("The run succeeded in 0 s.") && page.contains("no tasks"))
    }

    @Test func anInterruptedRunIsToldAsFarAsItIsKnown() throws {
        var run = MadeUpRun([RecordedTask(name: "a"), RecordedTask(name: "b", dependencies: [0])])
        run.attempt("a", 0...2)
        run.change("b", to: .running, at: 2.5)
        let page = run.page()
        _ = try elements(of: page)
        #expect(page.contains("The run was interrupted") && page.contains("after 2.5 s."))
        #expect(page.contains("Last known of") && !page.contains("<dt>Ended</dt>"))
        #expect(page.contains("<b>1</b> running</li>"))
    }

    @Test func aRunThatIsUnderWayIsToldUntilNow() {
        var run = MadeUpRun([RecordedTask(name: "a")])
        run.life = .alive
        run.change("a", to: .running, at: 1)
        #expect(String(decoding: run.report(madeAfter: 90).html, as: UTF8.self).contains("after 1 min 30 s."))
    }

    @Test func whatIsNotOnRecordIsSaid() {
        let problem = HistoryProblem(place: "/runs/a.run", reason: "is damaged from line 7 on")
        let page = String(decoding: MadeUpRun().report(problems: [problem]).html, as: UTF8.self)
        #expect(page.contains("/runs/a.run is damaged from line 7 on"))
    }

    @Test func parametersAreThoseOfTheRecord() {
        let run = MadeUpRun([
            RecordedTask(
                name: "a",
                type: "Shell",
                parameters: ParameterValue.object(["command": .string("make -j\nmake check"), "token": .string("***")])
                    .json
            )
        ])
        let page = run.page()
        #expect(page.contains("<dt>command</dt><dd>make -j\nmake check</dd>") && page.contains("<dd>***</dd>"))
    }

    @Test func aLargeRunHasAPageOfTwoMegabytes() throws {
        let html = MadeUpRun.layers(of: 50, count: 10_000).report().html
        #expect(html.count < 2_000_000)
        _ = try elements(of: String(decoding: html, as: UTF8.self))
    }

    @Test func manyFailuresAreCounted() {
        var run = MadeUpRun((0..<500).map { RecordedTask(name: "t\($0)") })
        let lines = Array(repeating: String(repeating: "x", count: 600), count: 10)
        for number in 0..<500 {
            run.attempt("t\(number)", 0...1, end: .failed, failure: AttemptFailure(reason: "no", lastLines: lines))
        }
        run.end(.failed, at: 2)
        let page = run.page()
        #expect(page.contains("400 more tasks failed."))
        #expect(page.utf8.count < 1_000_000)
    }
}

/// Counts the elements of a page.
private final class PageElements: NSObject, XMLParserDelegate {
    private(set) var count: [String: Int] = [:]
    private(set) var attributes: Set<String> = []
    private(set) var links: [String] = []

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        count[name, default: 0] += 1
        self.attributes.formUnion(attributes.keys)
        if let link = attributes["href"] { links.append(link) }
    }
}
