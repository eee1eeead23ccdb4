import Flowmancer

/// Calls a plug-in as a run does.
struct PluginRehearsal<Event: Sendable>: Sendable {
    enum Ending: CaseIterable { case success, failure, abort }

    let plugin: any PluginLifecycle
    let update: @Sendable (Event) async throws -> Void

    /// Performs a whole run; an error is a finding that names the method.
    func perform(_ events: [Event], isRestart: Bool = false, ending: Ending) async throws {
        try await call("onCreate") { try await plugin.onCreate() }
        if isRestart { try await call("onRestart") { try await plugin.onRestart() } }
        for event in events { try await call("update, for \(event),") { try await update(event) } }
        switch ending {
        case .success: try await call("onSuccess") { try await plugin.onSuccess() }
        case .failure: try await call("onFailure") { try await plugin.onFailure() }
        case .abort: try await call("onAbort") { try await plugin.onAbort() }
        }
        try await call("onDestroy") { try await plugin.onDestroy() }
    }

    private func call(_ method: @autoclosure () -> String, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            throw ConformanceRule.Finding("\(method().prefix(300)) threw an error: \(error.inWords)")
        }
    }
}
