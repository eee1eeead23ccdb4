import ArgumentParser
import FlowmancerEngine

/// Tells where a value of a job comes from.
struct ExplainCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show the effective value of something in a job, and which files and variables it comes from.",
        discussion: """
            A path leads to a value by the keys around it: tasks.a.parameters.hosts[0]. A key with a dot in it is put in \
            quotes: 'tasks."a.b".timeout'. Values that are secret are not shown.
            """
    )

    @Argument(help: ArgumentHelp("The path of the value, such as tasks.a.parameters.x.", valueName: "path"))
    var path: String

    @OptionGroup var file: JobFileOptions

    func execute(in program: Program) async throws -> Int32 {
        guard let path = ParameterPath(parsing: path) else {
            throw UsageError(
                text: "'\(path)' is not a path; write the keys with dots between, as in tasks.a.parameters.x"
            )
        }
        let history = try JobLoading(program, file.loading).history(file.jobdef)
        guard history.job.isComplete else { throw InvalidJobError(issues: history.job.issues) }
        let explanation = ValueExplanation(of: history, catalog: program.catalog)
        let text = try explanation.text(of: path)
        try CommandOutput.print(SecretTextMasker(history.job.definition, catalog: program.catalog).mask(text))
        return 0
    }
}
