import ArgumentParser
import FlowmancerEngine
import FlowmancerTerminal

/// Tells what a run would do.
struct PlanCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show which tasks a run would execute, in which order, which are up to date, and with -r why.",
        discussion: """
            With -r, the checkpoint is read, but neither locked nor changed: you can ask while the job runs. If runs of \
            the job are kept, the plan says how long the run is expected to take.
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
        let redactedJob = JobSecrets(job, catalog: program.catalog).redactedJob
        let roster = TaskRoster(redactedJob, graph, ResourceTable(redactedJob) { .current() })
        let (leftOut, issues) = selection.selection.leftOut(of: roster)
        let (forced, forcedIssues) = selection.selection.forced(in: roster)
        guard issues.isEmpty, forcedIssues.isEmpty else { throw InvalidJobError(issues: issues + forcedIssues) }
        var contents: CheckpointContents?
        if selection.restart {
            let jobFile = JobFileIdentity.path(of: try loading.path(file.path))
            try loading.enterAppRoot()
            contents = try await StoredProgress.read(of: job, catalog: program.catalog)
            if let contents {
                try checkOrigin(CheckpointOrigin(of: contents, for: redactedJob, present: jobFile), of: job)
            }
        }
        let resumption = contents.map {
            ResumePlan(redactedJob, roster, from: $0, leftOut: leftOut, rerunChanged: selection.rerunChanged)
        }
        var preparations: [Int: Preparation] = [:]
        var start: RunStart?
        if resumption != nil || !leftOut.isEmpty {
            let begun = resumption ?? ResumePlan(redactedJob, roster, from: nil, leftOut: leftOut)
            let begin = RunStart(of: RunID(), roster, begun)
            let missing = begin.missingValues(job, roster, begun)
            guard missing.isEmpty else { throw InvalidJobError(issues: missing) }
            if resumption != nil { preparations = Self.decided(begin, roster) }
            start = begin
        }
        var plan = JobPlan(
            job: job,
            graph: graph,
            leftOut: LeftOutTasks(leftOut, of: roster),
            restart: !selection.restart ? .notAsked : resumption.map { .from($0, roster) } ?? .nothingStored,
            preparations: preparations,
            reuse: { [catalog = program.catalog, root = loading.context.appRoot] origins in
                let forced = roster.definitions(within: roster.contents(of: forced))
                return ReuseForecast(job, graph, catalog: catalog, origins: origins, forced: forced, root: root)
                    .outcomes
            }
        )
        var beginning = RunForecast.Beginning(roster, start)
        beginning.skipped = Set(plan.conditions.skipped)
        beginning.upToDate = Set(plan.upToDate)
        plan.expectedTime = await expectedTime(of: beginning, job, loading, in: program)
        if json {
            try CommandOutput.print(json: plan.json)
        } else {
            try CommandOutput.print(plan.text(style: Console.standard.style, columns: CommandOutput.columns))
        }
        return 0
    }

    /// How long the run takes. A history that cannot be read is no reason to plan nothing.
    private func expectedTime(
        of beginning: RunForecast.Beginning,
        _ job: JobDefinition,
        _ loading: JobLoading,
        in program: Program
    ) async -> ExpectedTime? {
        do {
            try loading.enterAppRoot()
            let durations = try await StoredHistory.durations(of: job, catalog: program.catalog)
            return ExpectedTime(of: beginning, durations, concurrency: job.configuration.maxConcurrency)
        } catch {
            let reason = SecretTextMasker(job, catalog: program.catalog).mask(error.inWords)
            let text = "warning: the history cannot be read, so the plan does not say how long the run takes: \(reason)"
            Console.standard.printError(text.printableLines)
            return nil
        }
    }

    /// What an earlier run decided about tasks of the job; what it decided about single items is not told.
    private static func decided(_ start: RunStart, _ roster: TaskRoster) -> [Int: Preparation] {
        let known = start.allDecided.filter { $0.key < roster.count && roster.item(of: $0.key) == nil }
        return Dictionary(known.map { (roster.definition(of: $0.key), $0.value) }) { first, _ in first }
    }

    /// Refuses the checkpoint of another job file as a run would.
    private func checkOrigin(_ origin: CheckpointOrigin, of job: JobDefinition) throws {
        if !selection.adoptCheckpoint, let refusal = origin.refusal(job: job.configuration.name) { throw refusal }
        if origin != .same { Console.standard.printError(RunNotice.checkpointFrom(origin).text) }
    }
}
