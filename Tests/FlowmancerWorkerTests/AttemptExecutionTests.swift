import FlowmancerCore
import FlowmancerSystem
import FlowmancerWire
import Logging
import Synchronization
import TestSupport
import Testing

@testable import FlowmancerWorker

@Suite struct AttemptExecutionTests {
    private let stage = Stage()

    /// An attempt of ``Player``, or of no type at all.
    private func execution(of type: (any FlowTask.Type)? = Player.self) -> AttemptExecution {
        AttemptExecution(
            .with {
                $0.id = 1
                $0.taskName = "a"
                $0.variant = "Player"
            },
            type: type,
            context: FlowContext(
                metadata: TaskMetadata(jobName: "job", name: "a", variant: "Player"),
                sharedDict: SharedDict(storage: stage),
                logger: Logging.Logger(label: "a")
            ),
            log: { [stage] severity, _ in stage.note(severity == .warning ? "warned" : "complained") },
            report: { [stage] outcome, _ in stage.note(outcome.word) }
        )
    }

    private let executor = DispatchExecutor(label: "test")

    @Test func whatSucceedsIsReportedAfterItsEnding() async {
        execution().start(on: executor)
        await stage.wait(for: "run")
        stage.open("run")
        await stage.wait(for: "succeeded")
        #expect(stage.steps == ["run", "onSuccess", "onDestroy", "succeeded"])
    }

    /// A cancellation may come between the moment in which the worker knows the attempt and that in which it starts.
    @Test func aCancellationBeforeTheStartIsHeard() async {
        let execution = execution()
        execution.cancel()
        execution.start(on: executor)
        stage.open("run")
        await stage.wait(for: "aborted")
        #expect(stage.steps == ["run", "onAbort", "onDestroy", "aborted"])
    }

    @Test func aFreshInstanceEndsWhatDoesNotReturn() async {
        let execution = execution()
        execution.start(on: executor)
        await stage.wait(for: "run")
        execution.cancel()
        execution.endWithoutRun()
        await stage.wait(for: "onDestroy")
        // It is not over before `run` is: the process cannot execute another attempt meanwhile.
        for _ in 0..<100 { await Task.yield() }
        #expect(stage.steps == ["run", "warned", "onAbort", "onDestroy"])
        stage.open("run")
        await stage.wait(for: "aborted")
        #expect(stage.steps == ["run", "warned", "onAbort", "onDestroy", "aborted"])
    }

    @Test func runMayReturnBeforeTheFreshInstanceIsDone() async {
        let execution = execution()
        execution.start(on: executor)
        await stage.wait(for: "run")
        stage.close("onAbort")
        execution.cancel()
        execution.endWithoutRun()
        await stage.wait(for: "onAbort")
        stage.open("run")
        for _ in 0..<100 { await Task.yield() }
        #expect(stage.steps == ["run", "warned", "onAbort"])
        stage.open("onAbort")
        await stage.wait(for: "aborted")
        #expect(stage.steps == ["run", "warned", "onAbort", "onDestroy", "aborted"])
    }

    @Test func whatReturnedInTimeEndsByItself() async {
        let execution = execution()
        execution.start(on: executor)
        await stage.wait(for: "run")
        stage.close("onAbort")
        execution.cancel()
        stage.open("run")
        await stage.wait(for: "onAbort")
        execution.endWithoutRun()
        stage.open("onAbort")
        await stage.wait(for: "aborted")
        #expect(stage.steps == ["run", "onAbort", "onDestroy", "aborted"])
    }

    @Test func thereIsOneEnding() async {
        let execution = execution()
        execution.start(on: executor)
        await stage.wait(for: "run")
        stage.close("onAbort")
        for _ in 0..<3 {
            execution.cancel()
            execution.endWithoutRun()
        }
        await stage.wait(for: "onAbort")
        stage.open("run")
        stage.open("onAbort")
        await stage.wait(for: "aborted")
        #expect(stage.steps == ["run", "warned", "onAbort", "onDestroy", "aborted"])
    }

    @Test func aTypeThatIsMissingIsAFailure() async {
        execution(of: nil).start(on: executor)
        await stage.wait(for: "failed")
        #expect(stage.steps == ["complained", "failed"])
    }
}

/// Says what it does, and cannot be cancelled.
private struct Player: FlowTask {
    func run() async throws { try await sharedDict.set("run", to: true) }
    func onSuccess() async throws { try await sharedDict.set("onSuccess", to: true) }
    func onFailure() async throws { try await sharedDict.set("onFailure", to: true) }
    func onAbort() async throws { try await sharedDict.set("onAbort", to: true) }
    func onDestroy() async throws { try await sharedDict.set("onDestroy", to: true) }
}

/// Notes the steps of attempts, and holds them up at some. `run` is one of these from the beginning.
private final class Stage: SharedDictStorage {
    private let state = Mutex(State())

    private struct State {
        var steps: [String] = []
        var closed: Set<String> = ["run"]
        var heldUp: [String: CheckedContinuation<Void, Never>] = [:]
        var awaited: [String: CheckedContinuation<Void, Never>] = [:]
    }

    var steps: [String] { state.withLock(\.steps) }

    func perform(_ operation: SharedDictOperation) async throws -> SharedDictReply {
        guard case .set(let step, _) = operation else { return .missing }
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if state.closed.contains(step) { state.heldUp[step] = continuation }
                return state.closed.contains(step)
            }
            note(step)
            if !isClosed { continuation.resume() }
        }
        return .done
    }

    func note(_ step: String) {
        state.withLock { state in
            state.steps.append(step)
            return state.awaited.removeValue(forKey: step)
        }?.resume()
    }

    /// Waits until a step has been taken.
    func wait(for step: String) async {
        await withCheckedContinuation { continuation in
            let isTaken = state.withLock { state in
                if !state.steps.contains(step) { state.awaited[step] = continuation }
                return state.steps.contains(step)
            }
            if isTaken { continuation.resume() }
        }
    }

    /// Holds up who comes to a step.
    func close(_ step: String) {
        state.withLock { _ = $0.closed.insert(step) }
    }

    func open(_ step: String) {
        state.withLock { state in
            state.closed.remove(step)
            return state.heldUp.removeValue(forKey: step)
        }?.resume()
    }
}
