import ArgumentParser
import FlowmancerTerminal

/// Tells what happened in a run.
struct ShowCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what happened in a run: states, attempts, durations, reasons, and what took longest."
    )

    @OptionGroup var run: RunArgument

    @OptionGroup var history: HistoryOptions

    @Flag(help: "Print JSON.")
    var json = false

    func execute(in program: Program) async throws -> Int32 {
        let open = try await history.use(in: program) { try await run.open(in: $0) }
        HistoryProblems.show(open.problems)
        if json {
            try CommandOutput.print(json: open.json)
        } else {
            try CommandOutput.print(open.text(style: Console.standard.style, columns: CommandOutput.columns))
        }
        return 0
    }
}
