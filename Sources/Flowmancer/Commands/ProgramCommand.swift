import ArgumentParser
import FlowmancerPlugins

/// The command line of a ``FlowmancerApp``: a job is run unless another command is named.
struct ProgramCommand: ParsableCommand {
    private static let name = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? "flowmancer"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Run the tasks of a job in their order, or look into a job without running it.",
        discussion: """
              \(name) -j job.yaml            run a job
              \(name) -j job.yaml -r         go on where the last run stopped
              \(name) validate job.yaml      find all mistakes in a job
              \(name) help run               show all options of a run

            Only 'run', which may be left out, starts tasks.
            """,
        subcommands: [
            RunCommand.self, ValidateCommand.self, PlanCommand.self, ExplainCommand.self, GraphCommand.self,
            TasksCommand.self, PluginsCommand.self, SchemaCommand.self,
        ],
        defaultSubcommand: RunCommand.self
    )
}

/// One of the commands of a ``FlowmancerApp``.
protocol JobCommand: ParsableCommand, Sendable {
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

/// A command line that cannot be carried out.
struct UsageError: Error {
    let text: String
}
