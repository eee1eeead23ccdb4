import ArgumentParser
import FoundationEssentials
import Testing

@testable import Flowmancer

@Suite struct ProgramCommandLineTests {
    @Test(
        arguments: [
            (["valdate"], "Did you mean the command 'validate'?"), (["PLAN"], "Did you mean the command 'plan'?"),
            (["hepl"], "Did you mean the command 'help'?"), (["status"], "The commands are: run, validate"),
        ]
    )
    func aWordThatLooksLikeACommandIsNoFile(arguments: [String], hint: String) throws {
        let text = try #require(ProgramCommandLine.complaint(about: arguments) { _ in false })
        #expect(text.hasSuffix(hint) || text.contains(hint), "\(text)")
        #expect(ProgramCommandLine.complaint(about: arguments) { $0 == arguments[0] } == nil)
    }

    @Test(arguments: [
        [], ["run"], ["help"], ["-j", "x"], ["job.yaml"], ["jobs/x"], ["-"], ["--versoin"], [""], ["job2"],
    ])
    func whatElseComesFirstIsReadAsBefore(arguments: [String]) {
        #expect(ProgramCommandLine.complaint(about: arguments) { _ in false } == nil)
    }

    @Test func theVersionIsThatOfTheChangelog() throws {
        let root = String(#filePath.split(separator: "/Tests/")[0])
        let data = try #require(FileManager.default.contents(atPath: "/\(root.drop { $0 == "/" })/CHANGELOG.md"))
        let text = String(decoding: data, as: UTF8.self)
        let heading = try #require(text.split(separator: "\n").first { $0.hasPrefix("## ") })
        let isReleased = !heading.contains("Unreleased")
        #expect(FlowmancerVersion.current.hasSuffix("-dev") == !isReleased)
        #expect(!isReleased || heading.contains(FlowmancerVersion.current))
    }

    // MARK: Words that a shell completes

    @Test(
        arguments: [
            (["app", "-j", "a.yaml", "--skip", ""], "a.yaml"), (["app", "--jobdef=a.yaml"], "a.yaml"),
            (["app", "--jobdef", "=", "a.yaml"], "a.yaml"), (["app", "-ja.yaml"], "a.yaml"),
            (["app", "run", "a.yml", "--skip", ""], "a.yml"), (["app", "-j", "'my jobs/a.yaml'"], "my jobs/a.yaml"),
            (["app", "-j", #"my\ jobs/a"#], "my jobs/a"), (["app", "--skip", ""], nil), (["app", "-j"], nil),
        ]
    )
    func theJobFileIsFoundAmongTheWords(words: [String], file: String?) {
        #expect(CompletionWords(words).jobFile == file)
    }

    @Test func theOptionsThatAJobIsReadWithAreFound() {
        let words = ["app", "--app-root", "r", "--var", "a", "=", "1", "--var", "b=x=y", "--var", "half", "-t", "json"]
        #expect(
            CompletionWords(words).loadingArguments == [
                "--type", "json", "--app-root", "r", "--var", "a=1", "--var", "b=x=y",
            ]
        )
    }

    // MARK: Lines

    @Test(
        arguments: [
            ("a b c", 3, ["a b", "c"]), ("aaaa b", 3, ["aaaa", "b"]), ("", 3, [""]), ("é ü 漢字", 5, ["é ü", "漢字"]),
            ("one two", 7, ["one two"]), ("one two", 6, ["one", "two"]),
        ]
    )
    func linesAreBrokenBetweenWords(text: String, columns: Int, lines: [String]) {
        #expect(text.wrapped(to: columns) == lines)
    }
}
