import ArgumentParser
import FlowmancerHistory
import FlowmancerSystem
import FoundationEssentials

/// Writes a page about a run.
struct ReportCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page about a run: what failed and why, the graph, when tasks ran, and all tasks.",
        discussion: """
            The page is one HTML file, which needs no network and no other file: send it, print it, keep it. It shows names,
            parameters and the last lines of logs, with secrets masked.
            """
    )

    @OptionGroup var run: RunArgument

    @OptionGroup var history: HistoryOptions

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The file to write; - for the standard output.", valueName: "file"),
        completion: .file(extensions: ["html"])
    )
    var output: String

    func execute(in program: Program) async throws -> Int32 {
        // Looking at a history changes the working directory.
        let path = FileSystem.absolutePath(output)
        let open = try await history.use(in: program) { try await run.open(in: $0) }
        HistoryProblems.show(open.problems)
        let html = open.report(madeAt: Date()).html
        guard output != "-" else {
            do { try CommandOutput.print(html[...]) } catch is CommandOutput.ReaderGone {}
            return 0
        }
        try CommandOutput.save(html, to: path)
        let size = max(1, (html.count + 500) / 1_000)
        try CommandOutput.print("\(output.printable): \(size) kB about the run \(open.run.record.id)")
        return 0
    }
}
