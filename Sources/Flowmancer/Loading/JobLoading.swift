import FlowmancerJobFile
import FlowmancerSystem
import Glibc
import SystemPackage

/// The way from a job file to a job, the same for every command.
package struct JobLoading: Sendable {
    private let program: Program
    private let type: String?
    /// Whether the command line or the environment names an app root.
    private let namesAppRoot: Bool
    package let context: JobLoadingContext

    /// A job as far as its files could be understood, and everything that is wrong or doubtful in it.
    package struct Outcome {
        package var job: JobDefinition
        package var issues: [JobIssue]

        /// Takes out the warnings of variables that the job does not use.
        ///
        /// - Returns: The warnings by the names of the variables.
        mutating func removeUnusedVariables() -> [String: JobIssue] {
            var removed: [String: JobIssue] = [:]
            issues.removeAll { issue in
                guard case .variable(.unused(let name, _, _)) = issue.problem else { return false }
                removed[name] = issue
                return true
            }
            return removed
        }
    }

    /// - Throws: ``UsageError`` if the app root is no directory.
    package init(_ program: Program, _ options: LoadingOptions) throws {
        self.program = program
        type = options.type
        namesAppRoot = options.namedAppRoot != nil
        context = JobLoadingContext(
            appRoot: try Self.appRoot(options),
            environment: ProcessContext.environment,
            variables: options.variableValues
        )
    }

    /// Loads a job that can run, and shows the warnings about it.
    ///
    /// - Parameter change: What the command line changes about the job.
    /// - Throws: `InvalidJobError` if it has errors, ``UsageError`` if there is no file to read.
    func validJob(
        _ file: String?,
        strict: Bool = false,
        changing change: (inout JobDefinition) -> Void = { _ in }
    ) throws -> JobDefinition {
        let outcome = try load(path(file), changing: change, check: findings)
        let issues = strict ? outcome.issues.map(\.asError) : outcome.issues
        guard !issues.contains(where: { $0.severity == .error }) else { throw InvalidJobError(issues: issues) }
        IssueReport.show(issues)
        return outcome.job
    }

    /// Loads a job as far as it makes sense, and checks all of it.
    package func checkedJob(_ file: String) throws -> Outcome {
        try load(path(file), check: findings)
    }

    /// Loads a job of which the program need not have the types.
    ///
    /// - Throws: `InvalidJobError` if the files cannot be understood, or the tasks cannot be put in an order.
    func orderedJob(_ file: String?) throws -> JobDefinition {
        let outcome = try load(path(file), check: JobValidator.validateDependencies)
        let errors = outcome.issues.filter { $0.severity == .error }
        guard errors.isEmpty else { throw InvalidJobError(issues: errors) }
        return outcome.job
    }

    /// Loads the names of a job's tasks, as far as its files can be understood, and of single items, unless there are many.
    func taskNames(_ file: String?) throws -> [String] {
        let job = try load(path(file), check: { _ in [] }).job
        let tasks = job.tasks.keys
        let count = job.tasks.values.lazy.compactMap { $0.forEach?.knownCount }.reduce(0, +)
        guard count > 0, count <= Self.offeredItems else { return tasks.elements }
        return tasks.elements + TaskRoster(job).names.filter { !tasks.contains($0) }
    }

    /// More items are too many to choose from.
    private static let offeredItems = 500

    /// Loads a job with what is needed to tell where each of its values comes from.
    func history(_ file: String?) throws -> JobHistory {
        let path = try path(file)
        guard let format = try format(of: path) as? any PartialJobLoading else {
            throw UsageError(text: "the format of \(path) does not record where its values come from")
        }
        return format.loadHistory(path, context: context)
    }

    /// The file that the command line names, from the working directory, or that of the program, from the app root.
    ///
    /// - Throws: ``UsageError`` if there is none.
    func path(_ file: String?) throws -> String {
        if let file {
            try checkIsNotInAppRoot(file)
            return file
        }
        guard let file = program.description.defaultJobFile else {
            throw UsageError(text: "no job file is given; name one with -j, for instance: -j job.yaml")
        }
        let path = file.isAbsolutePath || !namesAppRoot ? file : "\(context.appRoot)/\(file)"
        guard FileSystem.status(of: path) != nil else {
            throw UsageError(
                text:
                    "the job file \(file), this program's default, is not in the app root \(context.appRoot): \(Errno.current); "
                    + "name another job file with -j, or another app root with --app-root"
            )
        }
        return path
    }

    /// The app root is for paths within a job, which is easily forgotten.
    private func checkIsNotInAppRoot(_ file: String) throws {
        guard namesAppRoot, !file.isAbsolutePath, FileSystem.status(of: file) == nil else { return }
        let other = "\(context.appRoot)/\(file)"
        guard FileSystem.status(of: other) != nil else { return }
        throw UsageError(
            text: "the job file \(file) does not exist in the working directory, where its path starts; "
                + "for the one in the app root, write -j \(other)"
        )
    }

    /// Makes the app root the working directory.
    package func enterAppRoot() throws {
        guard context.appRoot.withSystemText({ chdir($0) }) == 0 else {
            throw UsageError(text: "the app root \(context.appRoot) cannot be entered: \(Errno.current)")
        }
        StartDirectory.settle()
    }

    /// What the program's types and the directories of sources say about a job.
    private func findings(_ job: JobDefinition) -> [JobIssue] {
        JobValidator.validate(job, catalog: program.catalog, host: HostResources.current)
            + SourceDirectoryCheck.issues(of: job, catalog: program.catalog, appRoot: context.appRoot)
            + ReuseInputCheck.issues(of: job, appRoot: context.appRoot)
    }

    /// What loading finds and what later checks find comes in one report.
    private func load(
        _ file: String,
        changing change: (inout JobDefinition) -> Void = { _ in },
        check: (JobDefinition) -> [JobIssue]
    ) throws -> Outcome {
        let format = try format(of: file)
        if let format = format as? any PartialJobLoading {
            let partial = format.loadPartially(file, context: context)
            var job = partial.definition
            change(&job)
            return Outcome(job: job, issues: partial.report(adding: check(job)))
        }
        do {
            let loaded = try format.load(file, context: context)
            var job = loaded.definition
            change(&job)
            return Outcome(job: job, issues: loaded.warnings + check(job))
        } catch let error as InvalidJobError {
            return Outcome(job: JobDefinition(), issues: error.issues)
        }
    }

    private func format(of file: String) throws -> any JobDefinitionFormat {
        let wanted = type ?? (file.hasSuffix(".json") ? "json" : "yaml")
        guard let format = program.description.formats.first(where: { $0.key == wanted }) else {
            let keys = program.description.formats.map(\.key).joined(separator: ", ")
            throw UsageError(text: "no format is named '\(wanted)'; --type expects one of: \(keys)")
        }
        return format
    }

    private static func appRoot(_ options: LoadingOptions) throws -> String {
        if let root = options.resolvedAppRoot { return root }
        throw UsageError(text: "the app root \(options.givenAppRoot) does not exist: \(Errno.current)")
    }
}

extension JobIssue {
    /// The issue under `--strict`.
    var asError: JobIssue {
        var issue = self
        issue.severity = .error
        return issue
    }
}
