import ArgumentParser
import FlowmancerEngine
import Glibc

/// Tells where a value of a job comes from.
struct ExplainCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show a value of a job, the file or variable that it comes from, and what it overrides.",
        discussion: """
            A path consists of the keys that lead to the value: tasks.a.parameters.hosts[0]. Quote a key that contains a \
            dot: 'tasks."a.b".timeout'. A task of a job within the job is tasks.publish/build, that of an item is \
            tasks.load[eu]. Secret values are not shown.
            """
    )

    @Argument(
        help: ArgumentHelp("The path of the value, such as tasks.a.parameters.x.", valueName: "path"),
        completion: JobCompletion.paths
    )
    var path: String

    @OptionGroup var file: JobFileOptions

    func execute(in program: Program) async throws -> Int32 {
        guard let path = ParameterPath(parsing: path) else {
            throw UsageError(
                text: "'\(path)' is not a path; separate the keys with dots, as in tasks.a.parameters.x"
            )
        }
        if let last = file.positional, access(self.path, F_OK) == 0, access(last, F_OK) != 0 {
            throw UsageError(text: "the path comes before the job file: explain \(last) \(self.path)")
        }
        let history = try JobLoading(program, file.loading).history(file.path)
        guard history.job.isComplete else { throw InvalidJobError(issues: history.job.issues) }
        let explanation = ValueExplanation(of: history, catalog: program.catalog)
        let text = try ItemExplanation(explanation).text(of: path)
        try CommandOutput.print(SecretTextMasker(history.job.definition, catalog: program.catalog).mask(text))
        return 0
    }
}
