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
        let job = try loading.validJob(file.path, strict: settings.strictness.strict) { job in
            if let maxConcurrency = settings.maxConcurrency { job.configuration.maxConcurrency = maxConcurrency }
            guard let executor = settings.executor, job.executorNames.contains(executor) else { return }
            job.configuration.executor = executor
        }
        if let executor = settings.executor, !job.executorNames.contains(executor) {
            let issue = JobIssue(.unknownExecutor(executor, known: job.executorNames), at: ParameterPath())
            throw UsageError(text: "--executor: \(issue.message)")
        }
        let jobFile = JobFileIdentity.path(of: try loading.path(file.path))
        let page = settings.view ? try await showPage(in: program) : nil
        defer { withExtendedLifetime(page) {} }
        try loading.enterAppRoot()
        var options = options
        options.resumeCommand = resumeCommand
        options.jobFile = jobFile
        options.programVersion = program.description.version
        return try await JobExecution.run(job, options, in: program, advice: "Run it again with -r to continue.")
    }

    private func showPage(in program: Program) async throws -> LivePage {
        let page = try await LivePage.start(program, file.path, file.loading)
        Console.standard.printError("The page of this run is at \(page.link)")
        return page
    }

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
