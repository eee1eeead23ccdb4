import FlowmancerCore

/// A ``PluginHost`` without the type of its events: what all plug-ins have in common over a run.
struct HostedPlugin: Sendable {
    let name: String
    let calls: PluginCalls
    private let report: @Sendable (RunNotice) -> Void
    private let create: @Sendable () async -> Void
    private let restart: @Sendable () async -> Void
    private let consume: @Sendable () async -> Void
    private let end: @Sendable (RunEnding) async -> Void
    private let close: @Sendable () -> Void
    private let dropQueue: @Sendable () -> Void
    private let reportTotals: @Sendable () -> Void

    init<Event>(_ host: PluginHost<Event>, report: @escaping @Sendable (RunNotice) -> Void) {
        name = host.name
        calls = host.calls
        self.report = report
        close = host.close
        dropQueue = host.dropQueue
        reportTotals = host.reportTotals
        consume = host.consume
        create = { await host.attempt { try await host.plugin.onCreate() } }
        restart = { await host.attempt { try await host.plugin.onRestart() } }
        end = { ending in
            await host.attempt {
                switch ending {
                case .success: try await host.plugin.onSuccess()
                case .failure: try await host.plugin.onFailure()
                case .abort: try await host.plugin.onAbort()
                }
            }
            await host.attempt { try await host.plugin.onDestroy() }
        }
    }

    /// Tells the plug-in that the run begins, and that it continues an earlier one if so; waits for it, but not longer
    /// than `patience`.
    func begin(isRestart: Bool, patience: Duration) async {
        let begun = Signal()
        calls.enqueue {
            await create()
            if isRestart { await restart() }
            begun.fire()
        }
        await wait(for: begun, atMost: patience, step: isRestart ? "onCreate and onRestart" : "onCreate")
    }

    /// Tells the plug-in that the run continues an earlier one, and waits for it, but not longer than `patience`.
    func noteRestart(patience: Duration) async {
        let restarted = Signal()
        calls.enqueue {
            await restart()
            restarted.fire()
        }
        await wait(for: restarted, atMost: patience, step: "onRestart")
    }

    /// Hands events on from now on.
    ///
    /// - Returns: What ends when all were handed on.
    func startDelivery() -> Task<Void, Never> {
        calls.enqueue { await consume() }
    }

    /// Ends the plug-in: waits for its events, then tells it how the run ended, all within `patience`.
    ///
    /// Events that it does not take within three quarters of that time are dropped: the rest is for its own end.
    func finish(_ delivery: Task<Void, Never>?, _ ending: RunEnding, patience: Duration) async {
        close()
        let (drained, finished) = (Signal(), Signal())
        calls.enqueue { drained.fire() }
        let last = calls.enqueue {
            guard !Task.isCancelled else { return }
            await end(ending)
            finished.fire()
        }
        let deadline = ContinuousClock.now + patience
        if await !drained.wait(atMost: patience * 3 / 4) {
            dropQueue()
            delivery?.cancel()
        }
        if await !finished.wait(atMost: ContinuousClock.now.duration(to: deadline)) {
            last.cancel()
            report(.pluginSlow(name, step: "the end of the run", patience))
        }
        reportTotals()
    }

    private func wait(for signal: Signal, atMost patience: Duration, step: String) async {
        if await !signal.wait(atMost: patience) { report(.pluginSlow(name, step: step, patience)) }
    }
}

/// How a run ended, as plug-ins are told.
enum RunEnding: Sendable {
    case success, failure, abort
}
