import FlowmancerCore
import FlowmancerSystem
import Synchronization

/// Calls an executor beside the run, so that it never holds the loop up.
final class ExecutorHost: Sendable {
    /// The executor's name in the job.
    let name: String
    let executor: any FlowExecutor
    private let site: PilotSite
    private let leftovers: [String]
    private let context: FlowContext
    private let queue: DispatchExecutor
    private let provider = Mutex<(any PilotProvider)?>(nil)

    /// - Parameter leftovers: The directories of runs whose engines are gone.
    init(
        _ name: String,
        _ executor: any FlowExecutor,
        _ site: PilotSite,
        leftovers: [String],
        context: FlowContext
    ) {
        self.leftovers = leftovers
        self.name = name
        self.executor = executor
        self.site = site
        self.context = context
        queue = DispatchExecutor(label: "flowmancer.executors.\(name)")
    }

    /// Gets ready for pilots.
    ///
    /// - Parameter accept: Takes the connections of pilots, on any thread.
    func open(
        say: @escaping @Sendable (ClusterNote) -> Void,
        accept: @escaping @Sendable (any PilotConnection) -> Void,
        _ done: @escaping @Sendable (Result<Void, any Error>) -> Void
    ) {
        perform(done) { host in
            try await host.executor.onCreate()
            try await host.endLeftovers(say)
            let provider = try await host.executor.open(host.site, accept: accept)
            host.provider.withLock { $0 = provider }
        }
    }

    /// Ends what killed engines left, and waits until nothing of it runs any more: no task may run twice at the same time.
    private func endLeftovers(_ say: @Sendable (ClusterNote) -> Void) async throws {
        for directory in leftovers {
            // By then they have ended by themselves: their engine was gone before this began.
            let end = ContinuousClock.now + executor.scale.lease
            var isSaid = false
            while ContinuousClock.now < end {
                let left = try? await type(of: executor).releaseLeftovers(in: directory)
                if left?.isEmpty == true { break }
                if !isSaid { say(.leftovers(left?.count)) }
                isSaid = true
                try await Task.sleep(for: .milliseconds(500))
            }
            PilotDirectory.remove(directory)
        }
    }

    /// Ends what killed engines left, in a run that had nothing to do for pilots. What takes time is left to the next run.
    private func endIdleLeftovers() async {
        for directory in leftovers {
            let left = try? await type(of: executor).releaseLeftovers(in: directory)
            if left?.isEmpty == true { PilotDirectory.remove(directory) }
        }
    }

    /// Asks for pilots.
    func request(_ count: Int, _ done: @escaping @Sendable (Result<[String], any Error>) -> Void) {
        perform(done) { try await $0.opened().request(count) }
    }

    /// Asks what has become of pilots.
    func states(
        of pilots: [String],
        _ done: @escaping @Sendable (Result<[String: PilotState], any Error>) -> Void
    ) {
        perform(done) { try await $0.opened().states(of: pilots) }
    }

    /// Ends pilots.
    func release(_ pilots: [String], _ done: @escaping @Sendable (Result<Void, any Error>) -> Void) {
        perform(done) { try await $0.opened().release(pilots) }
    }

    /// Takes leave: ends all pilots that are left.
    func close() async {
        await within {
            if let provider = provider.withLock({ $0 }) { await provider.close() } else { await endIdleLeftovers() }
            try? await executor.onDestroy()
            PilotDirectory.remove(site.directory)
        }
    }

    private func opened() throws -> any PilotProvider {
        guard let provider = provider.withLock({ $0 }) else { throw CancellationError() }
        return provider
    }

    private func perform<Value: Sendable>(
        _ done: @escaping @Sendable (Result<Value, any Error>) -> Void,
        _ body: @escaping @Sendable (ExecutorHost) async throws -> Value
    ) {
        Task {
            await within {
                do { done(.success(try await body(self))) } catch { done(.failure(error)) }
            }
        }
    }

    private func within(_ body: @Sendable () async -> Void) async {
        await withTaskExecutorPreference(queue) {
            await FlowContext.$taskLocal.withValue(context, operation: body)
        }
    }
}
