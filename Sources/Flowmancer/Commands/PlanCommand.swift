import ArgumentParser
import FlowmancerEngine
import FlowmancerTerminal

/// Tells what a run would do.
struct PlanCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show which tasks a run would execute, in which order, and with -r why.",
        discussion: """
            With -r, the checkpoint is read, but neither locked nor changed: you can ask while the job runs.
            """
    )

    @OptionGroup var file: JobFileOptions

    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Print JSON.")
    var json = false

    func execute(in program: Program) async throws -> Int32 {
        let loading = try JobLoading(program, file.loading)
        let job = try loading.validJob(file.path)
        let graph = TaskGraph(job)
        let (leftOut, issues) = selection.selection.skippedTasks(in: graph)
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
        let redactedJob = JobSecrets(job, catalog: program.catalog).redactedJob
        var contents: CheckpointContents?
        if selection.restart {
            let jobFile = JobFileIdentity.path(of: try loading.path(file.path))
            try loading.enterAppRoot()
            contents = try await StoredProgress.read(of: job, catalog: program.catalog)
            if let contents {
                try checkOrigin(CheckpointOrigin(of: contents, for: redactedJob, present: jobFile), of: job)
            }
        }
        let resumption = contents.map { contents in
            ResumePlan(redactedJob, from: contents, leftOut: leftOut, rerunChanged: selection.rerunChanged)
        }
        var preparations: [Int: Preparation] = [:]
        if resumption != nil || !leftOut.isEmpty {
            let begun = resumption ?? ResumePlan(redactedJob, from: nil, leftOut: leftOut)
            let start = RunStart(of: RunID(), redactedJob, begun, from: contents)
            let missing = start.missingValues(job, begun)
            guard missing.isEmpty else { throw InvalidJobError(issues: missing) }
            preparations = start.preparations
        }
        let plan = JobPlan(
            job: job,
            graph: graph,
            leftOut: leftOut,
            restart: !selection.restart ? .notAsked : resumption.map(JobPlan.Restart.from) ?? .nothingStored,
            preparations: preparations
        )
        if json {
            try CommandOutput.print(json: plan.json)
        } else {
            try CommandOutput.print(plan.text(style: Console.standard.style, columns: CommandOutput.columns))
        }
        return 0
    }

    /// Refuses the checkpoint of another job file as a run would.
    private func checkOrigin(_ origin: CheckpointOrigin, of job: JobDefinition) throws {
        if !selection.adoptCheckpoint, let refusal = origin.refusal(job: job.configuration.name) { throw refusal }
        if origin != .same { Console.standard.printError(RunNotice.checkpointFrom(origin).text) }
    }
}
