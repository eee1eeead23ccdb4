public import Flowmancer
import FlowmancerCore
import FlowmancerDiscovery
import FlowmancerEngine
import FoundationEssentials
import Logging

/// Runs a job in this process, without workers. The same code as in a real run decides about the order, conditions,
/// retries, back-off, time limits, skipped and defaulted tasks, and restarts.
///
/// ```swift
/// @Test func theReportFollowsTheDownload() async throws {
///     var job = JobDefinition(name: "nightly")
///     job.addTask("fetch", Fetch.self) {
///         $0.maxAttempts = 3
///         $0.backoff = Backoff(first: .seconds(600))
///     }
///     job.addTask("report", Report.self, dependsOn: ["fetch"])
///     let run = try await runJob(job)
///     #expect(run.states == ["fetch": .completed, "report": .completed])
///     #expect(run.path(of: "fetch") == [.initial, .pending, .running, .completed])
/// }
/// ```
/// The job is validated. Its own loggers, extensions and checkpointer are not used, so that a test leaves no files behind.
/// Only those that you pass are used. Nothing is looked up or recorded for tasks with ``TaskDefinition/reuse``: all of them
/// run.
///
/// All tasks run in this process. Printed output is not captured. A task that traps ends the test process, and a task that
/// ignores its cancellation cannot be killed. `sharedDict`, `logger`, `metadata` and `clock` work in the Swift task of the
/// lifecycle method and in its child tasks.
///
/// A test does not depend on the machine: there are as many `cpus`, `memory` and `gpus` as any one attempt asks for, unless
/// the job says how many there are.
///
/// To abort the run, cancel the Swift task that calls this.
///
/// - Parameters:
///   - job: The job.
///   - selection: Which tasks run.
///   - checkpoint: The checkpoint of an earlier run, to test a restart.
///   - sharedDict: The shared dictionary that the tasks read and write. The values of the checkpoint are added to it.
///   - clock: The `clock` of the tasks, which also measures back-off and time limits. By default, waiting on it takes no
///     time.
///   - loggers: Loggers that receive the events. A logger that is also an extension receives the changes of state, too.
///   - extensions: Extensions that receive the events. An extension that is also a logger receives log lines, too.
///   - catalog: The types that the job can name; by default, the types of the executable.
/// - Throws: `InvalidJobError` if the job is invalid. A failed task is not an error here.
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
    let roster = TaskRoster(job, ResourceTable(job) { HostResources(enoughFor: job) })
    let (skipped, selectionIssues) = selection.leftOut(of: roster)
    guard selectionIssues.isEmpty else { throw InvalidJobError(issues: selectionIssues) }
    let redacted = JobSecrets(job, catalog: catalog).redactedJob
    let info = RunInfo(job: redacted, isRestart: checkpoint != nil, startedAt: Date(), hostName: "localhost")
    let plan = ResumePlan(redacted, roster, from: checkpoint, leftOut: skipped)
    let start = RunStart(of: info.id, roster, plan)
    let missing = start.missingValues(job, roster, plan)
    guard missing.isEmpty else { throw InvalidJobError(issues: missing) }
    for (key, value) in start.sharedDict { try await sharedDict.setJSON(key, value) }
    let types: [(any FlowTask.Type)?] = try job.tasks.map { name, task in
        if task.subJob != nil { return nil }
        if let type = try catalog.kind(of: task).get().type { return type }
        let reason =
            "tasks of the kind '\(task.variant)' are not executed by a Swift type, so they cannot run in this process"
        let issue = JobIssue(.rejectedValue(reason: reason), at: ParameterPath("tasks", name, "task"))
        throw InvalidJobError(issues: [issue])
    }
    let (inputs, inbox) = AsyncStream<JobRehearsal.Input>.makeStream()
    let rehearsal = JobRehearsal(
        id: info.id,
        roster: roster,
        types: types,
        catalog: catalog,
        start: start,
        sharedDict: sharedDict,
        clock: clock,
        plugins: RehearsalPlugins(
            loggers: loggers,
            extensions: extensions,
            context: FlowContext(
                metadata: TaskMetadata(runID: info.id, jobName: job.configuration.name, name: "", variant: ""),
                sharedDict: sharedDict,
                logger: Logging.Logger(label: job.configuration.name),
                runInfo: info
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
