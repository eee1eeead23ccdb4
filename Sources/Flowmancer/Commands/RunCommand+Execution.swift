import FlowmancerEngine
import FlowmancerJobFile
import FlowmancerSystem
import FlowmancerTerminal

extension RunCommand {
    func execute(in program: Program) async throws -> Int32 {
        let resumeCommand = resumeCommand(
            program: ProcessContext.arguments.first ?? "",
            directory: FileSystem.currentDirectory ?? ".",
            appRoot: file.loading.namedAppRoot,
            inputFile: StandardInput.file
        )
        let loading = try JobLoading(program, file.loading)
        var job = try loading.validJob(file.path, strict: settings.strictness.strict)
        let jobFile = JobFileIdentity.path(of: try loading.path(file.path))
        let page = settings.view ? try await LivePage.start(program, file.path ?? program.description.defaultJobFile, file.loading) : nil
        if let page { Console.standard.printError("The page of this run is at \(page.link)") }
        defer { withExtendedLifetime(page) {} }
        if let maxConcurrency = settings.maxConcurrency { job.configuration.maxConcurrency = maxConcurrency }
        try loading.enterAppRoot()
        var options = options
        options.resumeCommand = resumeCommand
        options.jobFile = jobFile
        options.programVersion = program.description.version
        let runner = JobRunner(job, options: options, catalog: program.catalog, keeper: program.keeper)
        let signals = AbortSignals { runner.abort() }
        let result: RunResult
        do {
            result = try await runner.runValidated()
        } catch {
            guard let exitCode = signals.exitCode else { throw error }
            Console.standard.printError("error: \(error.inWords)".printableLines)
            return exitCode
        }
        if settings.debug { Console.standard.printError("The id of this run is \(result.runID).") }
        if result.failureCount > 0 {
            let name = job.configuration.name
            let end = result.exceededTimeLimit.map { "exceeded its time limit of \($0.text)" } ?? "did not succeed"
            let text = "The job '\(name.printable)' \(end): \(result.summary). "
            Console.standard.printError(text + "Run it again with -r to continue.")
            if name == JobConfiguration.defaultName { Console.standard.printError(Self.warningAboutName) }
        } else if !result.allowedFailures.isEmpty {
            let name = job.configuration.name.printable
            Console.standard.printError("The job '\(name)' succeeded: \(result.summary).")
        }
        // A signal that comes when everything is done ends nothing: whoever hears of it would do all of it again.
        // One that comes after the time limit only hastens the end.
        if result.exitCode == 0 || result.exceededTimeLimit != nil { return result.exitCode }
        return signals.exitCode ?? result.exitCode
    }

    /// A name matters as soon as there is progress that another job could replace.
    private static let warningAboutName =
        "warning: The job is named '\(JobConfiguration.defaultName)', like every job without a name. "
        + "The next run of another such job replaces its checkpoint. "
        + "Set a name in the job file, for example: config: {name: my-job}"

    private var options: JobRunner.Options {
        var options = JobRunner.Options()
        options.isRestart = settings.selection.restart
        options.rerunsChanged = settings.selection.rerunChanged
        options.adoptsCheckpoint = settings.selection.adoptCheckpoint
        options.discardsCheckpoint = settings.discardCheckpoint
        options.selection = settings.selection.selection
        options.isDebug = settings.debug
        return options
    }
}
