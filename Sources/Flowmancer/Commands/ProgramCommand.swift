package import ArgumentParser
import FlowmancerSystem
import FlowmancerTerminal

/// The command line of a ``FlowmancerApp``: a job is run unless another command is named.
struct ProgramCommand: ParsableCommand {
    static let name =
        ProcessContext.arguments.first?.printable.split(separator: "/").last.map(String.init) ?? "flowmancer"

    private static let ownCommands: [any ParsableCommand.Type] = [
        RunCommand.self, ValidateCommand.self, PlanCommand.self, ExplainCommand.self, GraphCommand.self,
        TasksCommand.self, PluginsCommand.self, SchemaCommand.self, RunsCommand.self, ShowCommand.self,
        LogsCommand.self, ReportCommand.self, WatchCommand.self, AbortCommand.self,
        RetryCommand.self,
    ]

    private static var commands: [any ParsableCommand.Type] {
        ownCommands + ProgramDescription.current.addedCommands
    }

    /// The names of all commands, also of the parser's own.
    static var commandNames: [String] { commands.compactMap { $0.configuration.commandName } + ["help"] }

    static var configuration: CommandConfiguration {
        let program = ProgramDescription.current
        let library = "Flowmancer \(FlowmancerVersion.current)"
        return CommandConfiguration(
            commandName: name,
            abstract: "Run the tasks of a job, or inspect a job without running it.",
            usage: "\(name) [<job-file>] [<options>]\n\(name) <subcommand>",
            discussion: """
                  \(name) job.yaml               run a job
                  \(name) job.yaml -r            continue the last run where it stopped
                  \(name) validate job.yaml      find all mistakes in a job
                  \(name) help run               show all options of a run

                Only 'run' starts tasks. The word 'run' is optional.\(defaultJobFile(of: program))
                """,
            version: program.version.map { "\(name) \($0) (\(library))" } ?? "\(name) (\(library))",
            subcommands: commands,
            defaultSubcommand: RunCommand.self
        )
    }

    private static func defaultJobFile(of program: ProgramDescription) -> String {
        program.defaultJobFile.map { "\nWithout a job file, commands use \($0) in the app root." } ?? ""
    }
}

/// One of the commands of a ``FlowmancerApp``.
package protocol JobCommand: ParsableCommand, Sendable {
    /// Does what the command line asks for.
    ///
    /// - Returns: The exit code.
    func execute(in program: Program) async throws -> Int32
}

extension JobCommand {
    /// Executes the command, and says what kept it from being executed.
    func perform(in program: Program) async -> Int32 {
        do {
            return try await execute(in: program)
        } catch let error as InvalidJobError {
            IssueReport.show(error.issues)
            return 1
        } catch let error as UsageError {
            Console.standard.printError("error: \(error.text)".printableLines)
            return 1
        } catch {
            Console.standard.printError("error: \(error.inWords)".printableLines)
            return 99
        }
    }
}

/// An error of the program itself, in whose words there is no secret.
package protocol ProgramError: Error {}

/// A command line that cannot be carried out.
package struct UsageError: ProgramError {
    package let text: String

    package init(text: String) {
        self.text = text
    }
}
