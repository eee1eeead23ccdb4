import ArgumentParser

/// Runs a job.
struct RunCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the tasks of a job, each after the tasks that it depends on.",
        discussion: """
            The exit code is 0 if all tasks succeeded, otherwise the number of tasks that failed or did not run (at most \
            98). It is 1 for an invalid job, 99 for any other error or a run that exceeded its time limit, and 129, 130 or \
            143 after SIGHUP, SIGINT or SIGTERM.
            """
    )

    @OptionGroup var file: JobFileOptions

    @OptionGroup var settings: RunSettings
}

/// How a job is run.
struct RunSettings: ParsableArguments {
    @OptionGroup var selection: SelectionOptions

    @OptionGroup var strictness: StrictnessOptions

    @Flag(help: "Remove the stored checkpoint, even a damaged one, and start from the beginning.")
    var discardCheckpoint = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How many tasks may run at the same time; 0 or less for no limit. Overrides the job file.",
            valueName: "n"
        )
    )
    var maxConcurrency: Int?

    @Option(
        help: ArgumentHelp(
            "The executor on which tasks run that name none. Overrides the job file.",
            valueName: "name"
        )
    )
    var executor: String?

    @Flag(help: "Serve a page of the run for as long as it lasts, and print its address.")
    var view = false

    @Flag(name: .shortAndLong, help: "Also log the debug messages of libraries. Those of tasks are always logged.")
    var debug = false
}
