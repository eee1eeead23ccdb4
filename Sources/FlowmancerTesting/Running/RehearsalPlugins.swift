import Flowmancer
import FlowmancerCore

/// The plug-ins of a rehearsed job, and what they threw.
struct RehearsalPlugins {
    private let all: [any PluginLifecycle]
    /// What surrounds the plug-ins: the shared dictionary, and what they may know of the run.
    private let context: FlowContext
    private(set) var errors: [any Error] = []

    init(loggers: [any FlowLogger], extensions: [any FlowExtension], context: FlowContext) {
        all = loggers + extensions
        self.context = context
    }

    mutating func begin(isRestart: Bool) async {
        for plugin in all {
            await attempt { try await plugin.onCreate() }
            if isRestart { await attempt { try await plugin.onRestart() } }
        }
    }

    mutating func publish(_ event: TaskLogEvent) async {
        // One that is both receives both kinds, wherever it was passed.
        for case let logger as any FlowLogger in all { await attempt { try await logger.update(event) } }
    }

    mutating func publish(_ event: ExecutionEvent) async {
        for case let observer as any FlowExtension in all { await attempt { try await observer.update(event) } }
    }

    mutating func end(_ outcome: RunOutcome) async {
        for plugin in all {
            if outcome.isAborted {
                await attempt { try await plugin.onAbort() }
            } else if outcome.failureCount > 0 {
                await attempt { try await plugin.onFailure() }
            } else {
                await attempt { try await plugin.onSuccess() }
            }
            await attempt { try await plugin.onDestroy() }
        }
    }

    private mutating func attempt(_ body: () async throws -> Void) async {
        do { try await FlowContext.$taskLocal.withValue(context, operation: body) } catch { errors.append(error) }
    }
}
