import DequeModule
import FlowmancerCore
import Synchronization

/// Runs one plug-in beside the run: hands it events in order, and keeps its errors and its slowness to itself.
final class PluginHost: Sendable {
    /// What is queued is bounded, and little where a plug-in keeps up, so that the end of a run has little to wait for.
    /// Beyond this many bytes a host is congested, until it is below the second number again; beyond the third, events
    /// are dropped, and counted.
    private static let congestion = 4 << 20
    private static let relief = 3 << 20
    private static let capacity = 64 << 20

    let name: String
    let plugin: any PluginLifecycle
    let calls: PluginCalls
    private let deliver: @Sendable (PluginEvent) async throws -> Void
    private let report: @Sendable (RunNotice) -> Void
    private let state = Mutex(State())

    private struct State {
        var queue: Deque<PluginEvent> = []
        var queuedBytes = 0
        var consumer: CheckedContinuation<Void, Never>?
        var isClosed = false
        var dropped = 0
        var errors = 0
        var drained: (@Sendable () -> Void)?
    }

    /// Creates a host.
    ///
    /// - Parameters:
    ///   - name: The plug-in's name in the job, with its section: `loggers.slack`.
    ///   - report: Receives the first error, and at the end how many there were.
    ///   - deliver: Hands one event to the plug-in.
    init(
        _ name: String,
        plugin: any PluginLifecycle,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void,
        deliver: @escaping @Sendable (PluginEvent) async throws -> Void
    ) {
        self.name = name
        self.plugin = plugin
        self.deliver = deliver
        self.report = report
        calls = PluginCalls(name, context: context)
    }

    /// Whether so much is queued that its sources should pause.
    var isCongested: Bool { state.withLock { $0.queuedBytes > Self.congestion } }

    /// Calls back, once, as soon as the host is no longer congested.
    func whenDrained(_ body: @escaping @Sendable () -> Void) {
        let isDrained = state.withLock { state in
            guard state.queuedBytes > Self.relief else { return true }
            state.drained = body
            return false
        }
        if isDrained { body() }
    }

    /// Queues an event, from any thread.
    func offer(_ event: PluginEvent) {
        let size = event.size
        let consumer: CheckedContinuation<Void, Never>? = state.withLock { state in
            let fits = size == 0 || state.queuedBytes + size <= Self.capacity || state.queue.isEmpty
            guard fits, !state.isClosed else {
                state.dropped += 1
                return nil
            }
            state.queue.append(event)
            state.queuedBytes += size
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume()
    }

    /// Hands on events until ``close()`` was called and none is left.
    func consume() async {
        while let event = await next() {
            await attempt { try await self.deliver(event) }
        }
    }

    /// No event follows.
    func close() {
        let consumer = state.withLock { state in
            state.isClosed = true
            defer { state.consumer = nil }
            return state.consumer
        }
        consumer?.resume()
    }

    /// Gives up the events that were not handed on yet.
    func dropQueue() {
        state.withLock { state in
            state.dropped += state.queue.count
            state.queue = []
            state.queuedBytes = 0
            state.drained = nil
        }
    }

    /// Calls a method of the plug-in; an error is reported once and otherwise counted.
    func attempt(_ body: @Sendable () async throws -> Void) async {
        do {
            try await body()
        } catch is CancellationError where Task.isCancelled {
            // It was too slow, which is what was reported.
        } catch {
            let isFirst = state.withLock { state in
                state.errors += 1
                return state.errors == 1
            }
            if isFirst { report(.pluginFailed(name, error.inWords)) }
        }
    }

    /// Says how many events were lost and how many errors there were, if any.
    func reportTotals() {
        let (errors, dropped) = state.withLock { ($0.errors, $0.dropped) }
        if errors > 1 { report(.pluginErrors(name, count: errors)) }
        if dropped > 0 { report(.pluginDropped(name, count: dropped)) }
    }

    /// Waits for the next event.
    ///
    /// - Returns: `nil` if none will follow.
    private func next() async -> PluginEvent? {
        while true {
            let (event, isClosed, drained) = state.withLock { state in
                let event = state.queue.popFirst()
                if let event { state.queuedBytes -= event.size }
                let drained = state.queuedBytes <= Self.relief ? state.drained : nil
                if drained != nil { state.drained = nil }
                return (event, state.isClosed, drained)
            }
            drained?()
            if let event { return event }
            if isClosed { return nil }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    guard state.queue.isEmpty, !state.isClosed else { return true }
                    state.consumer = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
