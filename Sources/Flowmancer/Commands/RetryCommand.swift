import ArgumentParser
import FlowmancerEngine
import FlowmancerSystem
import FlowmancerTerminal

/// Runs one task of a past run again.
struct RetryCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Run one task of a past run again, with the parameters and values that the run recorded.",
        discussion: """
            This is a run of its own, in which only that task runs, whatever its dependencies, its conditions and records \
            say. The checkpoint of the job stays as it is. What is not on record, such as secrets and time limits, is taken \
            from the job file with which the run began.

            The exit code is that of a run: 0 if the task succeeded.
            """
    )

    @OptionGroup var run: RunArgument

    @Option(
        help: ArgumentHelp("The task, such as load, load[eu] or publish/build.", valueName: "task"),
        completion: JobCompletion.tasks
    )
    var task: String

    @OptionGroup var history: HistoryOptions

    @Flag(name: .shortAndLong, help: "Also log the debug messages of libraries. Those of tasks are always logged.")
    var debug = false

    func execute(in program: Program) async throws -> Int32 {
        // Looking at a history changes the working directory.
        let named = history.file.jobdef.map(FileSystem.absolutePath)
        let (kept, found) = try await history.use(in: program) { try await find(in: $0) }
        let file = try file(of: kept, named: named)
        let loading = try JobLoading(program, history.loading)
        let job = try loading.validJob(file)
        guard job.configuration.name == kept.record.jobName else {
            throw UsageError(
                text: "the job file \(file) is that of the job '\(job.configuration.name)', "
                    + "and the run \(kept.record.id) was one of '\(kept.record.jobName)'; name its job file with -j"
            )
        }
        try loading.enterAppRoot()
        var past = found
        let progress = try? await StoredProgress.read(of: job, catalog: program.catalog)
        if let progress, progress.runID == kept.record.id { past.sharedDict = progress.sharedDict }
        let masker = SecretTextMasker(job, catalog: program.catalog)
        let retry: TaskRetry
        do throws(RetryError) {
            retry = try TaskRetry(of: task, in: past, job, catalog: program.catalog) { masker.mask($0) }
        } catch {
            throw UsageError(text: error.description)
        }
        try check(retry, of: job, in: program)
        var options = JobRunner.Options()
        options.isDebug = debug
        options.jobFile = JobFileIdentity.path(of: file)
        options.programVersion = program.description.version
        options.retriedRun = kept.record.id
        options.sharedDict = past.sharedDict ?? [:]
        return try await JobExecution.run(
            retry.job,
            options,
            in: program,
            advice: "Only the task '\(task.printable)' of the run \(kept.record.id) was run."
        )
    }

    /// Finds the run, and what was published in it and in those that it continues.
    private func find(in history: any FlowHistory) async throws -> (KeptRun, PastRun) {
        let open = try await run.open(in: history)
        HistoryProblems.show(open.problems)
        var past = PastRun(open.digest)
        var seen: Set<RunID> = [open.run.record.id]
        var next = open.run.record.continuedRun
        while let id = next, seen.insert(id).inserted, let reader = try await history.openRun(id, after: 0) {
            let earlier = try await OpenRun(try await reader.run(), reader)
            past.add(earlier.digest)
            next = earlier.run.record.continuedRun
        }
        return (open.run, past)
    }

    private func file(of run: KeptRun, named: String?) throws -> String {
        if let named { return named }
        guard let file = run.record.jobFile else {
            throw UsageError(text: "the run \(run.record.id) has no job file on record; name it with -j")
        }
        guard FileSystem.status(of: file) != nil else {
            throw UsageError(
                text: "the job file \(file) of the run \(run.record.id) is gone; if it was moved, name it with -j"
            )
        }
        return file
    }

    /// Refuses what the present program cannot run, and says what is not as it was.
    private func check(_ retry: TaskRetry, of job: JobDefinition, in program: Program) throws {
        let issues = JobValidator.validate(retry.job, catalog: program.catalog, host: HostResources.current)
        let errors = issues.filter { $0.severity == .error }
        guard errors.isEmpty else { throw InvalidJobError(issues: errors) }
        let name = "'\(task.printable)'"
        if retry.isChanged {
            Console.standard.printError(
                "warning: The job file has another definition of \(name) now. "
                    + "Its type and parameters are those on record, everything else is that of the job file."
            )
        }
        if retry.takesSecrets {
            Console.standard.printError("The secrets of \(name) are not on record: those of the job file are used.")
        }
    }
}
