import FlowmancerCore

/// The loggers and extensions of a run: where its events go.
struct PluginSet: Sendable {
    let loggers: [PluginHost<FlowmancerCore.LogEvent>]
    let extensions: [PluginHost<ExecutionEvent>]

    /// Creates the plug-ins of a job, which was validated before.
    init(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        sharedDict: SharedDict,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws {
        loggers = try job.loggers.map { name, definition in
            let type = try catalog.logger(named: definition.variant).get()
            let logger = try Self.make(type, definition, at: ParameterPath("loggers", name))
            return PluginHost(
                "loggers.\(name)",
                plugin: logger,
                context: Self.context(job, name, definition, sharedDict),
                size: { event in
                    if case .write(_, let message) = event.kind {
                        160 + message.utf8.count + event.rawBytes.count
                    } else {
                        // Who counts on a start and an end for every attempt gets them.
                        0
                    }
                },
                deliver: { try await logger.update($0) },
                report: report
            )
        }
        extensions = try job.extensions.map { name, definition in
            let type = try catalog.extension(named: definition.variant).get()
            let observer = try Self.make(type, definition, at: ParameterPath("extensions", name))
            return PluginHost(
                "extensions.\(name)",
                plugin: observer,
                context: Self.context(job, name, definition, sharedDict),
                // Events of state are small, and none may be lost: they do not count.
                size: { _ in 0 },
                deliver: { try await observer.update($0) },
                report: report
            )
        }
    }

    /// All of them, without the types of their events.
    var hosted: [HostedPlugin] { loggers.map { HostedPlugin($0) } + extensions.map { HostedPlugin($0) } }

    func publish(_ event: FlowmancerCore.LogEvent) {
        for logger in loggers { logger.offer(event) }
    }

    func publish(_ event: ExecutionEvent) {
        for observer in extensions { observer.offer(event) }
    }

    /// Creates the checkpointer of a job, which was validated before.
    static func checkpointer(of job: JobDefinition, catalog: TypeCatalog) throws -> any FlowCheckpointer {
        let type = try catalog.checkpointer(named: job.checkpointer.variant).get()
        return try make(type, job.checkpointer, at: ParameterPath("checkpointer"))
    }

    /// The checkpointer, which receives no events but is told of the beginning and the end of the run like the others.
    static func hosted(
        _ checkpointer: any FlowCheckpointer,
        of job: JobDefinition,
        _ sharedDict: SharedDict,
        _ report: @escaping @Sendable (RunNotice) -> Void
    ) -> HostedPlugin {
        HostedPlugin(
            PluginHost<ExecutionEvent>(
                "checkpointer",
                plugin: checkpointer,
                context: context(job, "checkpointer", job.checkpointer, sharedDict),
                size: { _ in 0 },
                deliver: { _ in },
                report: report
            )
        )
    }

    private static func make<Plugin: ParameterGroup>(
        _ type: Plugin.Type,
        _ definition: PluginDefinition,
        at path: ParameterPath
    ) throws -> Plugin {
        var issues: [JobIssue] = []
        let place = path.appending("parameters")
        let plugin = ParameterBinder.make(type, from: definition.parameters, at: place, issues: &issues)
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
        return plugin
    }

    private static func context(
        _ job: JobDefinition,
        _ name: String,
        _ definition: PluginDefinition,
        _ sharedDict: SharedDict
    ) -> FlowContext {
        FlowContext(
            metadata: TaskMetadata(jobName: job.configuration.name, name: name, variant: definition.variant),
            sharedDict: sharedDict,
            logger: .init(label: name)
        )
    }
}
