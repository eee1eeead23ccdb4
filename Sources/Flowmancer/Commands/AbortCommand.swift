import ArgumentParser
import FlowmancerTerminal

/// Ends a run early that another process executes.
struct AbortCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "abort",
        abstract: "Abort a run that is under way on this machine, as Ctrl-C does where it was started.",
        discussion: """
            The command returns as soon as the run was told. Its running tasks are cancelled and have their grace period; \
            aborting once more kills them.

            The exit code is 0 if the run was told, and 1 if it was not: it is over, or on another machine, or belongs to \
            another user.
            """
    )

    @OptionGroup var run: RunArgument

    @OptionGroup var history: HistoryOptions

    @Flag(help: "Kill the running tasks instead of waiting for them, as a second Ctrl-C does.")
    var kill = false

    @Flag(help: "Wait for the end of the run, and tell it.")
    var wait = false

    @Flag(help: "Print JSON.")
    var json = false

    /// How often is looked whether the run is over.
    private static let interval = Duration.milliseconds(100)

    func execute(in program: Program) async throws -> Int32 {
        let (open, answer) = try await history.use(in: program) { history in
            var open = try await run.open(in: history)
            let answer = open.run.request(kill ? .kill : .abort)
            if case .told = answer {
                while wait, open.run.state == .underWay {
                    try await Task.sleep(for: Self.interval)
                    try await open.update()
                }
            } else if open.run.state == .underWay {
                // It has ended since it was looked at.
                try await open.update()
            }
            return (open, answer)
        }
        HistoryProblems.show(open.problems)
        return try report(open, answer)
    }

    private func report(_ open: OpenRun, _ answer: AbortAnswer) throws -> Int32 {
        let explanation = open.run.explanation(of: answer)
        if json {
            var members = open.run.members
            members["answer"] = .string(answer.word)
            members["explanation"] = .string(explanation)
            try CommandOutput.print(json: .object(members))
        }
        guard case .told = answer else {
            if json { return 1 }
            throw UsageError(text: explanation)
        }
        if !json {
            let sentence = explanation.prefix(1).uppercased() + explanation.dropFirst() + "."
            try CommandOutput.print(wait ? open.heading(Console.standard.style) : sentence)
        }
        return 0
    }
}
