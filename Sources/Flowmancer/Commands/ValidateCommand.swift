import ArgumentParser
import FlowmancerJobFile

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
        var unused: [String: JobIssue]?
        for path in paths {
            var outcome = try loading.checkedJob(path)
            if paths.count > 1 {
                // A variable may be meant for some of the files.
                let own = outcome.removeUnusedVariables()
                unused = unused?.filter { own[$0.key] != nil } ?? own
            }
            if !(try report(outcome, of: path)) { exitCode = 1 }
        }
        let issues = (unused ?? [:]).sorted { $0.key < $1.key }.map { strictness.strict ? $0.value.asError : $0.value }
        IssueReport.show(issues)
        if issues.contains(where: { $0.severity == .error }) { exitCode = 1 }
        return exitCode
    }

    /// Says what was found in one job.
    ///
    /// - Returns: Whether it is valid.
    private func report(_ outcome: JobLoading.Outcome, of path: String) throws -> Bool {
        let issues = strictness.strict ? outcome.issues.map(\.asError) : outcome.issues
        IssueReport.show(issues)
        let errors = issues.count { $0.severity == .error }
        let warnings = issues.count - errors
        guard errors == 0 else {
            let found = [Self.count(errors, "error"), Self.count(warnings, "warning")].compactMap(\.self)
            try CommandOutput.print(
                "\(StandardInput.name(of: path).printable): invalid, \(found.joined(separator: " and "))"
            )
            return false
        }
        let size = Self.count(outcome.job.tasks.count, "task") ?? "no tasks"
        let doubts = Self.count(warnings, "warning").map { " and \($0)" } ?? ""
        try CommandOutput.print("\(StandardInput.name(of: path).printable): valid, with \(size)\(doubts)")
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
