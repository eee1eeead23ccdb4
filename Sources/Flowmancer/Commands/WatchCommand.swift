import ArgumentParser
import FlowmancerTerminal

/// Shows the progress of a run of another process.
struct WatchCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch a run that was started elsewhere, as if it had been started here.",
        discussion: """
            On a terminal, the progress is drawn until the run ends; otherwise a line is printed for each change. Ctrl-C ends \
            only the watching. Of a run that is over, the failures and the summary are printed.

            The exit code is 0 if the run succeeded, and 1 if it failed, was aborted or interrupted, or if that is not known.
            """
    )

    @OptionGroup var run: RunArgument

    @OptionGroup var history: HistoryOptions

    func execute(in program: Program) async throws -> Int32 {
        let state = try await history.use(in: program) { history in
            let (found, reader) = try await run.find(in: history)
            return try await RunWatch.follow(found, reader, in: history)
        }
        return state == .succeeded ? 0 : 1
    }
}
