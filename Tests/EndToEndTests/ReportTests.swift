import Foundation
import FoundationXML
import ProgramTestSupport
import Testing

@Suite(.ownThread) struct ReportTests {
    private static let job = """
        config:
          name: "pages & <b>more</b>"
        tasks:
          load:
            task: Shell
            max_attempts: 2
            parameters:
              command: printf '\\033[31mred\\033[0m <script>alert(1)</script>\\n' >&2; exit 7
          each:
            task: Shell
            for_each: [eu, us]
            parameters: {command: "true"}
          last:
            task: Shell
            dependencies: [load]
            parameters: {command: "true"}
        """

    private func run(_ sandbox: Sandbox, _ arguments: String...) throws -> Finished {
        try sandbox.start(arguments).wait()
    }

    @Test func aRunHasAPageOfItsOwn() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run(Self.job).exitCode == 2)
        let finished = try run(sandbox, "report", "last", "-o", "run.html")
        #expect(finished.exitCode == 0 && finished.errors.isEmpty, "\(finished)")
        #expect(finished.output.hasPrefix("run.html: ") && finished.output.contains(" kB about the run "))
        let page = try sandbox.read("run.html")
        #expect(XMLParser(data: Data(page.utf8)).parse())
        #expect(page.contains("The run failed after "))
        #expect(page.contains("pages &amp; &lt;b&gt;more&lt;/b&gt;"))
        #expect(page.contains("<span class=\"c1\">red</span> &lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(page.contains("each[eu]") && page.contains("2 completed"))
        #expect(page.contains("<summary>Its log</summary>"))
        // The graph and both attempts.
        #expect(page.contains("<svg ") && page.contains("<h2 id=\"attempts-title\">"))
        #expect(page.components(separatedBy: "<script>").count == 2)
    }

    @Test func thePageCanGoToTheStandardOutput() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(Self.job)
        let finished = try run(sandbox, "report", "last:pages & <b>more</b>", "-o", "-")
        #expect(finished.exitCode == 0 && finished.output.hasPrefix("<!DOCTYPE html>"))
        #expect(finished.output.hasSuffix("</html>\n"))
    }

    @Test func thePathStartsAtTheWorkingDirectory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("root"), withIntermediateDirectories: true)
        try sandbox.run(Self.job, "--app-root", "root")
        let finished = try run(sandbox, "report", "last", "--app-root", "root", "--output", "run.html")
        #expect(finished.exitCode == 0, "\(finished)")
        #expect(sandbox.exists("run.html") && !sandbox.exists("root/run.html"))
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.run(Self.job)
        try FileManager.default.createDirectory(atPath: sandbox.path("directory"), withIntermediateDirectories: true)
        for path in ["directory", "missing/run.html"] {
            let finished = try run(sandbox, "report", "last", "-o", path)
            #expect(finished.exitCode == 1)
            #expect(finished.errors.contains("cannot write the file") && finished.errors.contains("--output"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path("directory")).isEmpty)
    }

    @Test func aRunThatIsNotKeptHasNoPage() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("<p>old</p>", to: "run.html")
        let finished = try run(sandbox, "report", "last", "-o", "run.html")
        #expect(finished.exitCode == 1 && finished.errors.contains("the history has no run"))
        #expect(try sandbox.read("run.html") == "<p>old</p>")
        #expect(try run(sandbox, "report", "last").errors.contains("--output"))
    }
}
