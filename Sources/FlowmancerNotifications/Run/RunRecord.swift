import FlowmancerCore
import Synchronization

/// The state of a run, as a ``RunNotification`` records it.
public final class RunRecord: Sendable {
    private let state = Mutex(State())

    private struct State {
        var summary: RunSummary?
        /// Sends the message of the beginning.
        var first: Task<Void, any Error>?
    }

    /// Creates a record of a run that has not started.
    public init() {}

    var summary: RunSummary? { state.withLock { $0.summary } }

    func begin(_ run: RunInfo) {
        state.withLock { $0.summary = RunSummary(run) }
    }

    func update(_ change: (inout RunSummary) -> Void) {
        state.withLock { state in
            // In place: a copy would copy what tasks wrote, for every line.
            if state.summary != nil { change(&state.summary!) }
        }
    }

    /// Sends a message beside the run; ``finishFirst(within:)`` waits for it.
    func sendFirst(_ body: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.first = Task { try await body() } }
    }

    /// Waits for the message of the beginning, and gives it up after a limit.
    func finishFirst(within limit: Duration) async -> Result<Void, any Error> {
        guard let first = state.withLock({ $0.first }) else { return .success(()) }
        return await withTaskGroup { group in
            group.addTask {
                try? await Task.sleep(for: limit)
                first.cancel()
            }
            // Its own limits end it soon after it was cancelled.
            let result = await first.result
            group.cancelAll()
            return result
        }
    }
}
