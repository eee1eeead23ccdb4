import FlowmancerCore

/// The life of a plug-in over a run: how it begins, receives its events, and ends, each within limits.
struct HostedPlugin: Sendable {
    let host: PluginHost
    private let report: @Sendable (RunNotice) -> Void

    var calls: PluginCalls { host.calls }

    init(_ host: PluginHost, report: @escaping @Sendable (RunNotice) -> Void) {
        self.host = host
        self.report = report
    }

    /// Tells the plug-in that the run begins, and that it continues an earlier one if so; waits for it, but not longer
    /// than `patience`.
    func begin(isRestart: Bool, patience: Duration) async {
        let begun = Latch()
        if isRestart { calls.noteRestart() }
        calls.enqueue {
            await host.attempt { try await host.plugin.onCreate() }
            if isRestart { await host.attempt { try await host.plugin.onRestart() } }
            begun.open()
        }
        await wait(for: begun, atMost: patience, step: isRestart ? "onCreate and onRestart" : "onCreate")
    }

    /// Tells the plug-in that the run continues an earlier one, and waits for it, but not longer than `patience`.
    func noteRestart(patience: Duration) async {
        let restarted = Latch()
        calls.noteRestart()
        calls.enqueue {
            await host.attempt { try await host.plugin.onRestart() }
            restarted.open()
        }
        await wait(for: restarted, atMost: patience, step: "onRestart")
    }

    /// Hands events on from now on.
    ///
    /// - Returns: What ends when all were handed on.
    func startDelivery() -> Task<Void, Never> {
        calls.enqueue { await host.consume() }
    }

    /// Ends the plug-in: waits for its events, then tells it how the run ended, all within `patience`.
    ///
    /// Events that it does not take within three quarters of that time are dropped: the rest is for its own end.
    func finish(_ delivery: Task<Void, Never>?, _ ending: RunEnding, patience: Duration) async {
        host.sink.close()
        let (drained, finished) = (Latch(), Latch())
        calls.enqueue { drained.open() }
        let last = calls.enqueue {
            guard !Task.isCancelled else { return }
            await end(ending)
            finished.open()
        }
        let deadline = ContinuousClock.now + patience
        if await !drained.wait(atMost: patience * 3 / 4) {
            host.sink.loseAll()
            delivery?.cancel()
        }
        if await !finished.wait(atMost: ContinuousClock.now.duration(to: deadline)) {
            last.cancel()
            report(.pluginSlow(host.name, step: "the end of the run", patience))
        }
        host.reportTotals()
    }

    private func end(_ ending: RunEnding) async {
        await host.attempt {
            switch ending {
            case .success: try await host.plugin.onSuccess()
            case .failure: try await host.plugin.onFailure()
            case .abort: try await host.plugin.onAbort()
            }
        }
        await host.attempt { try await host.plugin.onDestroy() }
    }

    private func wait(for latch: Latch, atMost patience: Duration, step: String) async {
        if await !latch.wait(atMost: patience) { report(.pluginSlow(host.name, step: step, patience)) }
    }
}
