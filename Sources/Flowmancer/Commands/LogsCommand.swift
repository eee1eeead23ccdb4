import ArgumentParser
import FlowmancerEngine
import FlowmancerTerminal

/// Prints the log of a task of a run.
struct LogsCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print what a task of a run wrote, from the files of the job's FileLogger."
    )

    @OptionGroup var run: RunArgument

    @Argument(help: "The name of the task, such as load or load[eu].")
    var task: String

    @OptionGroup var history: HistoryOptions

    @Flag(name: .shortAndLong, help: "Go on as the task writes, over all its attempts, until it has ended.")
    var follow = false

    @Option(help: ArgumentHelp("Print only what this attempt wrote.", valueName: "n"))
    var attempt: Int?

    func validate() throws {
        if let attempt, attempt < 1 { throw ValidationError("--attempt expects a number from 1, found \(attempt).") }
        if attempt != nil, follow { throw ValidationError("--attempt and --follow exclude each other. Remove one.") }
    }

    func execute(in program: Program) async throws -> Int32 {
        do {
            try await history.use(in: program) { try await print(from: $0) }
        } catch is CommandOutput.ReaderGone {}
        return 0
    }

    private func print(from history: any FlowHistory) async throws {
        var open = try await run.open(in: history)
        HistoryProblems.show(open.problems)
        let log = try TaskLog(of: task, in: open)
        if let attempt {
            try log.printAttempt(attempt, of: open)
        } else if follow {
            try await log.follow(&open)
        } else {
            try log.printAll(of: open)
        }
    }
}
