public import Flowmancer
import FlowmancerCore
public import OrderedCollections
import Synchronization

/// Executes one attempt of a task in this process, in the same way as a worker: it checks and sets the parameters and calls
/// the lifecycle methods in order.
///
/// ```swift
/// @Test func theReportIsWritten() async throws {
///     let run = try await runTask(Report.self, parameters: ["target": "/tmp/report"])
///     try run.requireSuccess()
///     #expect(run.messages == ["written"])
/// }
/// ```
/// To abort the attempt, cancel the Swift task that calls this. Printed output is not captured, because other tests print
/// in this process, too. A task that calls `exit` or traps ends the test process.
///
/// - Parameters:
///   - type: The task.
///   - parameters: The values of its `@Parameter`s, by their names in either spelling.
///   - sharedDict: The shared dictionary that the task reads and writes.
///   - isRestart: Whether `onRestart` is called.
///   - attempt: The number of the attempt, for `metadata`.
///   - dependencies: How the dependencies ended, for `metadata`.
///   - resources: The units of resources that the attempt has, for `metadata`.
///   - clock: The `clock` of the task. By default, sleeping on it takes no time.
/// - Throws: `InvalidJobError` if a parameter is invalid. Errors of the task itself are in the result.
public func runTask(
    _ type: any FlowTask.Type,
    parameters: OrderedDictionary<String, ParameterValue> = [:],
    sharedDict: SharedDict = .inMemory(),
    isRestart: Bool = false,
    attempt: Int = 1,
    dependencies: [EndedDependency] = [],
    resources: [String: [String]] = [:],
    clock: any Clock<Duration> = ManualClock(.whenAllSleep)
) async throws -> TaskRun {
    var issues: [JobIssue] = []
    _ = ParameterBinder.make(type, from: parameters, at: ParameterPath("parameters"), issues: &issues)
    issues += ParameterValue.object(parameters).issuesOfVariables(at: ParameterPath("parameters"))
    guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
    let name = TypeName.bare(TypeName.qualified(type))
    let metadata = TaskMetadata(
        jobName: "test",
        name: name,
        variant: name,
        dependsOn: dependencies.map(\.name),
        dependencies: dependencies,
        resources: resources,
        attempt: attempt,
        isRestart: isRestart
    )
    let execution = Attempt(
        parameters: parameters,
        type: type,
        metadata: metadata,
        sharedDict: sharedDict,
        clock: clock
    )
    let record = AttemptRecord()
    let outcome = await execution.execute(
        log: record.append,
        remark: { record.append(LogLine(severity: .error, message: $0, metadata: [:])) },
        publish: record.publish,
        fail: record.append
    )
    return TaskRun(
        state: outcome.state,
        log: record.lines,
        failures: record.failures,
        outputs: outcome == .succeeded ? TaskOutputValues(record.outputs) : TaskOutputValues(nil),
        sharedDict: sharedDict
    )
}

/// Collects what an attempt says, from whichever thread.
private final class AttemptRecord: Sendable {
    private let state = Mutex((lines: [LogLine](), failures: [LifecycleFailure](), outputs: JSONText?.none))

    var lines: [LogLine] { state.withLock { $0.lines } }
    var failures: [LifecycleFailure] { state.withLock { $0.failures } }
    var outputs: JSONText? { state.withLock { $0.outputs } }

    func append(_ line: LogLine) { state.withLock { $0.lines.append(line) } }

    func publish(_ outputs: JSONText) { state.withLock { $0.outputs = outputs } }

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
