import ArgumentParser

/// The command line as shells complete it: the options of a run are known without the word `run`.
///
/// ``ProgramCommand`` cannot have them itself: it would take them from the other commands.
struct CompletionCommand: ParsableCommand {
    static var configuration: CommandConfiguration {
        var configuration = ProgramCommand.configuration
        configuration.defaultSubcommand = nil
        return configuration
    }

    @OptionGroup var file: JobFileOption

    @OptionGroup var loading: LoadingOptions

    @OptionGroup var settings: RunSettings
}
