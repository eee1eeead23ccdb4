import Flowmancer

/// The plug-ins of a rehearsed job, and what they threw.
struct RehearsalPlugins {
    private let loggers: [any FlowLogger]
    private let extensions: [any FlowExtension]
    private var all: [any PluginLifecycle] { loggers + extensions }
    private(set) var errors: [any Error] = []

    init(loggers: [any FlowLogger], extensions: [any FlowExtension]) {
        self.loggers = loggers
        self.extensions = extensions
    }

    mutating func begin(isRestart: Bool) async {
        for plugin in all {
            await attempt { try await plugin.onCreate() }
            if isRestart { await attempt { try await plugin.onRestart() } }
        }
    }

    mutating func publish(_ event: LogEvent) async {
        for logger in loggers { await attempt { try await logger.update(event) } }
    }

    mutating func publish(_ event: ExecutionEvent) async {
        for observer in extensions { await attempt { try await observer.update(event) } }
    }

    mutating func end(_ states: some Collection<ExecutionState>) async {
        for plugin in all {
            if states.contains(.aborted) {
                await attempt { try await plugin.onAbort() }
            } else if states.contains(where: { $0 == .failed || $0 == .defaulted }) {
                await attempt { try await plugin.onFailure() }
            } else {
                await attempt { try await plugin.onSuccess() }
            }
            await attempt { try await plugin.onDestroy() }
        }
    }

    private mutating func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch { errors.append(error) }
    }
}
