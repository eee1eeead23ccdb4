import ArgumentParser

/// Lists the task types of a program.
struct TasksCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks",
        abstract: "List the task types of this program with their parameters."
    )

    @Flag(help: "Print JSON.")
    var json = false

    func execute(in program: Program) async throws -> Int32 {
        try TypeListing([.task], in: program.catalog).print(asJSON: json)
        return 0
    }
}

/// Lists the executors, loggers, extensions, checkpointers and histories of a program.
struct PluginsCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "List the plug-ins of this program, such as loggers and checkpointers, with their parameters."
    )

    @Flag(help: "Print JSON.")
    var json = false

    func execute(in program: Program) async throws -> Int32 {
        let kinds = JobIssue.NamedKind.allCases.filter { $0 != .task }
        try TypeListing(kinds, in: program.catalog).print(asJSON: json)
        return 0
    }
}
