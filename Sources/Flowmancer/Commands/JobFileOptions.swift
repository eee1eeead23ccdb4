import ArgumentParser

/// The option that names a job file.
struct JobFileOption: ParsableArguments {
    static let extensions = ["yaml", "yml", "json"]

    @Option(
        name: [.short, .customLong("jobdef")],
        help: ArgumentHelp(JobFileOption.help, valueName: "file"),
        completion: .file(extensions: extensions)
    )
    var jobdef: String?

    private static var help: String {
        ProgramDescription.current.defaultJobFile.map { "The job file. (default: \($0) in the app root)" }
            ?? "The job file."
    }
}

/// Which job a command is about.
struct JobFileOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp("The job file; the same as -j.", valueName: "job-file"),
        completion: .file(extensions: JobFileOption.extensions)
    )
    var positional: String?

    @OptionGroup var option: JobFileOption

    @OptionGroup var loading: LoadingOptions

    /// The path as the command line has it.
    var path: String? { option.jobdef ?? positional }

    func validate() throws {
        guard let named = option.jobdef, let other = positional else { return }
        let isCommand = ProgramCommand.commandNames.contains(other)
        throw ValidationError(
            isCommand
                ? "A command is the first word: \(ProgramCommand.name) \(other) -j \(named.printable)"
                : "Two job files are given: '\(named.printable)' with -j, and '\(other.printable)'. Remove one."
        )
    }
}
