import ArgumentParser
import FlowmancerPlugins

/// Checks jobs without running them.
struct ValidateCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Find all errors and warnings in job files.",
        discussion: "The exit code is 0 if every job can run, and 1 if any has errors."
    )

    @Argument(help: "The job files.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var files: [String] = []

    @Option(
        name: [.short, .customLong("jobdef")],
        help: ArgumentHelp("A job file. May be repeated.", valueName: "file"),
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var jobdef: [String] = []

    @OptionGroup var loadingOptions: LoadingOptions

    @OptionGroup var strictness: StrictnessOptions

    func execute(in program: Program) async throws -> Int32 {
        let loading = try JobLoading(program, loadingOptions)
        let named = jobdef + files
        let paths = named.isEmpty ? [try loading.path(nil)] : named
        var exitCode: Int32 = 0
        for path in paths where !(try isValid(path, loading)) { exitCode = 1 }
        return exitCode
    }

    /// Checks one job, and says what was found.
    private func isValid(_ path: String, _ loading: JobLoading) throws -> Bool {
        let outcome = try loading.checkedJob(path)
        let issues = strictness.strict ? outcome.issues.map(\.asError) : outcome.issues
        IssueReport.show(issues)
        let errors = issues.count { $0.severity == .error }
        let warnings = issues.count - errors
        guard errors == 0 else {
            let found = [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap(\.self)
            try CommandOutput.print("\(path.printable): invalid, \(found.joined(separator: " and "))")
            return false
        }
        let size = Self.count(outcome.job.tasks.count, "task") ?? "no tasks"
        let doubts = Self.count(warnings, "warning").map { " and \($0)" } ?? ""
        try CommandOutput.print("\(path.printable): valid, with \(size)\(doubts)")
        return true
    }

    private static func count(_ number: Int, _ noun: String) -> String? {
        switch number {
        case 0: nil
        case 1: "1 \(noun)"
        default: "\(number) \(noun)s"
        }
    }
}
