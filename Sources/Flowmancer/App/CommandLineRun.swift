import FlowmancerEngine
import FlowmancerJobFile
import FlowmancerPlugins
import FoundationEssentials
import Glibc

/// What a command line asks for, from the job file to the exit code.
struct CommandLineRun: Sendable {
    private let command: RunCommand
    private let formats: [any JobDefinitionFormat]
    private let defaultJobFile: String?
    private let catalog: TypeCatalog

    /// The most issues that are shown: more would hide the first.
    private static let shownIssues = 100
    private static let appRootVariable = "FLOWMANCER_APP_ROOT"

    init(
        _ command: RunCommand,
        formats: [any JobDefinitionFormat],
        defaultJobFile: String?,
        catalog: TypeCatalog
    ) {
        self.command = command
        self.formats = formats
        self.defaultJobFile = defaultJobFile
        self.catalog = catalog
    }

    /// Runs the job.
    ///
    /// - Returns: The exit code.
    func execute() async -> Int32 {
        do {
            return try await run()
        } catch let error as InvalidJobError {
            show(error.issues)
            return 1
        } catch let error as UsageError {
            Console.standard.printError("error: \(error.text)".printableLines)
            return 1
        } catch {
            Console.standard.printError("error: \(error)".printableLines)
            return 99
        }
    }

    /// A command line that cannot be carried out.
    private struct UsageError: Error {
        let text: String
    }

    private func run() async throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let workingDirectory = FileManager.default.currentDirectoryPath
        let root = try appRoot(environment)
        let keeper = EarlyKeeper(in: root)
        let job = try loadJob(
            JobLoadingContext(appRoot: root, environment: environment, variables: command.variableValues)
        )
        var options = JobRunner.Options()
        options.isRestart = command.restart
        options.rerunsChanged = command.rerunChanged
        options.discardsCheckpoint = command.discardCheckpoint
        options.selection.skip = command.skip
        options.selection.runTo = command.runTo
        options.selection.runFrom = command.runFrom
        options.isDebug = command.debug
        options.resumeCommand = command.resumeCommand(
            program: CommandLine.arguments.first ?? "",
            directory: workingDirectory,
            appRoot: environment[Self.appRootVariable]
        )
        let runner = JobRunner(job, options: options, catalog: catalog, keeper: keeper)
        let signals = AbortSignals { runner.abort() }
        let result: RunResult
        do {
            result = try await runner.runValidated()
        } catch {
            guard let exitCode = signals.exitCode else { throw error }
            Console.standard.printError("error: \(error)".printableLines)
            return exitCode
        }
        if result.failureCount > 0 {
            let text = "The job '\(job.configuration.name.printable)' did not succeed: \(result.summary). "
            Console.standard.printError(text + "Run it again with -r to go on from here.")
        }
        return signals.exitCode ?? result.exitCode
    }

    private func loadJob(_ context: JobLoadingContext) throws -> JobDefinition {
        guard let file = command.jobdef ?? defaultJobFile else {
            throw UsageError(text: "no job file is given; name one with -j, for instance: -j job.yaml")
        }
        var (job, issues) = try load(file, context)
        if command.strict { issues = issues.map(Self.asError) }
        guard !issues.contains(where: { $0.severity == .error }) else { throw InvalidJobError(issues: issues) }
        show(issues)
        if let limit = command.maxConcurrency { job.configuration.maxConcurrency = limit }
        guard chdir(context.appRoot) == 0 else {
            throw UsageError(text: "the app root \(context.appRoot) cannot be entered: \(errnoText)")
        }
        return job
    }

    /// Loads and checks a job: what loading finds and what the types say comes in one report.
    private func load(_ file: String, _ context: JobLoadingContext) throws -> (JobDefinition, [JobIssue]) {
        let format = try format(of: file)
        if let format = format as? any PartialJobLoading {
            let partial = format.loadPartially(file, context: context)
            let findings = JobValidator.validate(partial.definition, catalog: catalog)
            return (partial.definition, partial.report(adding: findings))
        }
        let loaded = try format.load(file, context: context)
        return (loaded.definition, loaded.warnings + JobValidator.validate(loaded.definition, catalog: catalog))
    }

    private func appRoot(_ environment: [String: String]) throws -> String {
        let path = command.appRoot ?? environment[Self.appRootVariable] ?? "."
        guard let absolute = realpath(path, nil) else {
            throw UsageError(text: "the app root \(path) does not exist: \(errnoText)")
        }
        defer { free(absolute) }
        return String(cString: absolute)
    }

    private func format(of file: String) throws -> any JobDefinitionFormat {
        let keys = formats.map(\.key)
        let wanted = command.type ?? (file.hasSuffix(".json") ? "json" : "yaml")
        guard let format = formats.first(where: { $0.key == wanted }) else {
            throw UsageError(
                text: "no format is named '\(wanted)'; --type expects one of: \(keys.joined(separator: ", "))"
            )
        }
        return format
    }

    private func show(_ issues: [JobIssue]) {
        for issue in issues.prefix(Self.shownIssues) { Console.standard.printError(issue.description) }
        if issues.count > Self.shownIssues {
            Console.standard.printError("… and \(issues.count - Self.shownIssues) more")
        }
    }

    private static func asError(_ issue: JobIssue) -> JobIssue {
        var issue = issue
        issue.severity = .error
        return issue
    }

    private var errnoText: String { String(cString: strerror(errno)) }
}
