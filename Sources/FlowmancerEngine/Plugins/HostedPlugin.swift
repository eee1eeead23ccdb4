import FlowmancerCore

/// A ``PluginHost`` without the type of its events: what all plug-ins have in common over a run.
struct HostedPlugin: Sendable {
    let name: String
    /// Runs the plug-in from its creation until nothing is left to be handed on.
    private let lifecycle: @Sendable (_ created: @Sendable () -> Void) async -> Void
    private let restarting: @Sendable () async -> Void
    private let ending: @Sendable (RunEnding) async -> Void
    let close: @Sendable () -> Void
    let reportTotals: @Sendable () -> Void

    init<Event>(_ host: PluginHost<Event>) {
        name = host.name
        close = host.close
        reportTotals = host.reportTotals
        lifecycle = { created in
            await host.attempt { try await host.plugin.onCreate() }
            created()
            await host.consume()
        }
        restarting = { await host.attempt { try await host.plugin.onRestart() } }
        ending = { ending in
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

    /// Starts the plug-in and waits until it was created, but not longer than `patience`.
    ///
    /// - Returns: What ends when all events were handed on.
    func start(patience: Duration, report: @Sendable (RunNotice) -> Void) async -> Task<Void, Never> {
        let created = Latch()
        let task = Task.detached { await lifecycle { created.open() } }
        if await !created.wait(atMost: patience) { report(.pluginSlow(name, step: "onCreate", patience)) }
        return task
    }

    /// Tells the plug-in that the run continues an earlier one, and waits for it, but not longer than `patience`.
    func restart(patience: Duration, report: @Sendable (RunNotice) -> Void) async {
        let restarted = Latch()
        Task.detached {
            await restarting()
            restarted.open()
        }
        if await !restarted.wait(atMost: patience) { report(.pluginSlow(name, step: "onRestart", patience)) }
    }

    /// Ends the plug-in: waits for its events, then tells it how the run ended, all within `patience`.
    func finish(
        _ task: Task<Void, Never>,
        _ result: RunEnding,
        patience: Duration,
        report: @Sendable (RunNotice) -> Void
    ) async {
        close()
        let finished = Latch()
        Task.detached {
            await task.value
            await ending(result)
            finished.open()
        }
        if await !finished.wait(atMost: patience) { report(.pluginSlow(name, step: "the end of the run", patience)) }
        reportTotals()
    }
}

/// How a run ended, as plug-ins are told.
enum RunEnding: Sendable {
    case success, failure, abort
}
