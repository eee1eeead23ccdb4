public import Flowmancer
import FlowmancerCore
import FlowmancerDiscovery
import FlowmancerEngine
import FoundationEssentials
import Logging

/// Runs a job in this process: the order, retries, back-off, time limits, skipped and defaulted tasks, and restarts are
/// those of a real run, decided by the same code, without worker processes.
///
/// ```swift
/// @Test func theReportFollowsTheDownload() async throws {
///     var job = JobDefinition(name: "nightly")
///     job.addTask("fetch", Fetch.self, maxAttempts: 3, backoff: .seconds(600))
///     job.addTask("report", Report.self, dependsOn: ["fetch"])
///     let run = try await runJob(job)
///     #expect(run.states == ["fetch": .completed, "report": .completed])
///     #expect(run.path(of: "fetch") == [.initial, .pending, .running, .completed])
/// }
/// ```
/// The job is validated as always. Its own loggers, extensions and checkpointer are not used, so that a test leaves no
/// files behind; those that are passed are.
///
/// Tasks run beside each other in this process: what they print is not captured, one that traps ends the test, and
/// one that does not hear when it is cancelled is waited for, since it cannot be killed. `sharedDict`, `logger`, `metadata`
/// and `clock` are at hand in the Swift task of the method, and in those that it starts.
///
/// Cancelling the Swift task that calls this aborts the run.
///
/// - Parameters:
///   - job: The job.
///   - selection: Which tasks run.
///   - checkpoint: What an earlier run left; if it is given, this one is a restart.
///   - sharedDict: What the tasks find in the shared dictionary, beside what the checkpoint has.
///   - clock: What the tasks' `clock` is, and what back-off and time limits are measured with; one on which nobody waits
///     unless given.
///   - loggers: Loggers to hand the events to; one that is an extension, too, also receives the changes of state.
///   - extensions: Extensions to hand the events to; one that is a logger, too, also receives what the tasks log.
///   - catalog: The types that the job may name; those of the executable unless given.
/// - Throws: `InvalidJobError` if the job cannot run. A task that fails is no error here.
public func runJob(
    _ job: JobDefinition,
    selection: JobSelection = JobSelection(),
    from checkpoint: CheckpointContents? = nil,
    sharedDict: SharedDict = .inMemory(),
    clock: any Clock<Duration> = ManualClock(.whenAllSleep),
    loggers: [any FlowLogger] = [],
    extensions: [any FlowExtension] = [],
    catalog: TypeCatalog? = nil
) async throws -> JobTestRun {
    let catalog = catalog ?? .discovered()
    let issues = JobValidator.validate(job, catalog: catalog)
    guard issues.allSatisfy({ $0.severity == .warning }) else { throw InvalidJobError(issues: issues) }
    let graph = TaskGraph(job)
    let (skipped, selectionIssues) = selection.skippedTasks(in: graph)
    guard selectionIssues.isEmpty else { throw InvalidJobError(issues: selectionIssues) }
    let redacted = JobSecrets(job, catalog: catalog).redactedJob
    let plan = checkpoint.map {
        ResumePlan(redacted, $0, leftOut: Set(skipped.map { graph.names[$0] }), rerunChanged: false)
    }
    for (key, value) in checkpoint?.sharedDict ?? [:] { try await sharedDict.setJSON(key, value) }
    let types = try job.tasks.values.map { try $0.type ?? catalog.task(named: $0.variant).get() }
    let (inputs, inbox) = AsyncStream<JobRehearsal.Input>.makeStream()
    let rehearsal = JobRehearsal(
        job: job,
        graph: graph,
        types: types,
        origins: graph.names.enumerated().map { number, name in
            let isKept = plan?.steps[number].decision.isKept == true
            return isKept ? .completed : skipped.contains(number) ? .skipped : .fresh
        },
        restarted: Set(plan?.steps.filter(\.decision.isRestart).map(\.task) ?? []),
        fingerprints: Dictionary(uniqueKeysWithValues: redacted.tasks.map { ($0, $1.fingerprint) }),
        sharedDict: sharedDict,
        clock: clock,
        plugins: RehearsalPlugins(
            loggers: loggers,
            extensions: extensions,
            context: FlowContext(
                metadata: TaskMetadata(jobName: job.configuration.name, name: "", variant: ""),
                sharedDict: sharedDict,
                logger: Logging.Logger(label: job.configuration.name),
                runInfo: RunInfo(job: redacted, isRestart: checkpoint != nil, startedAt: Date(), hostName: "localhost")
            )
        ),
        inbox: inbox
    )
    // Unstructured, since the run has to go on to its end when it is cancelled.
    let run = Task {
        var rehearsal = rehearsal
        return try await rehearsal.perform(inputs, isRestart: checkpoint != nil)
    }
    return try await withTaskCancellationHandler {
        try await run.value
    } onCancel: {
        inbox.yield(.abort)
    }
}
