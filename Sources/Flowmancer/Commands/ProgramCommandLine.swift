import ArgumentParser
import FlowmancerSystem

/// Reads the command line of a ``FlowmancerApp``.
enum ProgramCommandLine {
    /// Returns the command that the command line names. Help, completion and errors end the program.
    static func parse() -> any JobCommand {
        let arguments = Array(ProcessContext.arguments.dropFirst())
        if isForCompletion(arguments) { CompletionCommand.main(arguments) }
        let complaint = complaint(about: arguments) { FileSystem.status(of: $0) != nil }
        if let complaint { ProgramCommand.exit(withError: ValidationError(complaint)) }
        do {
            var command = try ProgramCommand.parseAsRoot(arguments)
            if let command = command as? any JobCommand { return command }
            try command.run()
            ProgramCommand.exit()
        } catch {
            ProgramCommand.exit(withError: error)
        }
    }

    /// Whether a shell asks for its completion script, or for what could stand in a place.
    private static func isForCompletion(_ arguments: [String]) -> Bool {
        arguments.first == "---completion" || arguments.contains { $0.hasPrefix("--generate-completion-script") }
    }

    /// Says that the first word is neither a command nor a job file, if it looks like a command.
    ///
    /// - Parameter isFile: Whether there is a file at a path.
    static func complaint(about arguments: [String], isFile: (String) -> Bool) -> String? {
        let commands = ProgramCommand.commandNames
        guard let word = arguments.first, !word.hasPrefix("-"), !commands.contains(word), !isFile(word) else {
            return nil
        }
        if let nearest = word.nearest(among: commands) {
            return "No command and no job file is named '\(word.printable)'. Did you mean the command '\(nearest)'?"
        }
        // A path is left to what reads job files.
        guard !word.isEmpty, word.allSatisfy({ $0.isLetter || $0 == "-" }) else { return nil }
        let all = commands.joined(separator: ", ")
        return "No command and no job file is named '\(word.printable)'. The commands are: \(all)."
    }
}
