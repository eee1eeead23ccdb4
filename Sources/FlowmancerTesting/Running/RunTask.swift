public import Flowmancer
import FlowmancerCore
public import OrderedCollections
import Synchronization

/// Executes one attempt of a task in this process, as a worker would: parameters are bound and checked, and the methods
/// of its life are called in their order.
///
/// ```swift
/// @Test func theReportIsWritten() async throws {
///     let run = try await runTask(Report.self, parameters: ["target": "/tmp/report"])
///     try run.requireSuccess()
///     #expect(run.messages == ["written"])
/// }
/// ```
/// Cancelling the Swift task that calls this aborts the attempt. What the task prints is not captured: output belongs to
/// the process, and in this one other tests print, too. So is everything else that concerns the process: a task that
/// calls `exit`, or traps, ends the test.
///
/// - Parameters:
///   - type: The task.
///   - parameters: The values of its `@Parameter`s, by their names in either spelling.
///   - sharedDict: What the task finds in the shared dictionary, and writes to.
///   - isRestart: Whether `onRestart` is called.
///   - attempt: The number of the attempt, for `metadata`.
///   - clock: What the task's `clock` is; one on which sleeping takes no time unless given.
/// - Throws: `InvalidJobError` if the parameters do not fit. An error of the task is in the result.
public func runTask(
    _ type: any FlowTask.Type,
    parameters: OrderedDictionary<String, ParameterValue> = [:],
    sharedDict: SharedDict = .inMemory(),
    isRestart: Bool = false,
    attempt: Int = 1,
    clock: any Clock<Duration> = ManualClock(.whenAllSleep)
) async throws -> TaskRun {
    var issues: [JobIssue] = []
    _ = ParameterBinder.make(type, from: parameters, at: ParameterPath("parameters"), issues: &issues)
    guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
    let name = TypeName.bare(TypeName.qualified(type))
    let metadata = TaskMetadata(jobName: "test", name: name, variant: name, attempt: attempt, isRestart: isRestart)
    let execution = Attempt(
        definition: TaskDefinition(type, parameters: parameters),
        type: type,
        metadata: metadata,
        sharedDict: sharedDict,
        clock: clock
    )
    let record = AttemptRecord()
    let outcome = await execution.execute(log: record.append, fail: record.append)
    return TaskRun(
        state: outcome.state,
        log: record.lines,
        failures: record.failures,
        sharedDict: sharedDict
    )
}

/// Collects what an attempt says, from whichever thread.
private final class AttemptRecord: Sendable {
    private let state = Mutex((lines: [LogLine](), failures: [LifecycleFailure]()))

    var lines: [LogLine] { state.withLock { $0.lines } }
    var failures: [LifecycleFailure] { state.withLock { $0.failures } }

    func append(_ line: LogLine) { state.withLock { $0.lines.append(line) } }

    func append(_ failure: LifecycleFailure) { state.withLock { $0.failures.append(failure) } }
}

extension AttemptOutcome {
    fileprivate var state: ExecutionState {
        switch self {
        case .succeeded: .completed
        case .failed: .failed
        case .aborted: .aborted
        }
    }
}
