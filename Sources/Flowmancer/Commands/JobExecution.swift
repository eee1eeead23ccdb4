import FlowmancerEngine
import FlowmancerTerminal

/// Runs a job for a command: signals abort it, and its end is told.
enum JobExecution {
    /// - Parameters:
    ///   - job: The job, which was found valid.
    ///   - advice: What people can do after a failure.
    /// - Returns: The exit code.
    static func run(
        _ job: JobDefinition,
        _ options: JobRunner.Options,
        in program: Program,
        advice: String
    ) async throws -> Int32 {
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
        tell(result, of: job, options, advice: advice)
        // A signal that comes when everything is done ends nothing: whoever hears of it would do all of it again.
        // One that comes after the time limit only hastens the end.
        if result.exitCode == 0 || result.exceededTimeLimit != nil { return result.exitCode }
        return signals.exitCode ?? result.exitCode
    }

    private static func tell(
        _ result: RunResult,
        of job: JobDefinition,
        _ options: JobRunner.Options,
        advice: String
    ) {
        let console = Console.standard
        if options.isDebug { console.printError("The id of this run is \(result.runID).") }
        let name = job.configuration.name
        if result.failureCount > 0 {
            let end = result.exceededTimeLimit.map { "exceeded its time limit of \($0.text)" } ?? "did not succeed"
            console.printError("The job '\(name.printable)' \(end): \(result.summary). \(advice)")
            if name == JobConfiguration.defaultName, options.retriedRun == nil { console.printError(warningAboutName) }
        } else if !result.allowedFailures.isEmpty {
            console.printError("The job '\(name.printable)' succeeded: \(result.summary).")
        }
    }

    /// A name matters as soon as there is progress that another job could replace.
    private static let warningAboutName =
        "warning: The job is named '\(JobConfiguration.defaultName)', like every job without a name. "
        + "The next run of another such job replaces its checkpoint. "
        + "Set a name in the job file, for example: config: {name: my-job}"
}
