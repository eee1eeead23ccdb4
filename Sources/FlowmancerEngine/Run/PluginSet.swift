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
                size: Self.size,
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
                // None may be lost, so they do not count: the job bounds how many there are, and they are small.
                size: { _ in 0 },
                deliver: { try await observer.update($0) },
                report: report
            )
        }
        hosted =
            loggers.map { HostedPlugin($0, report: report) } + extensions.map { HostedPlugin($0, report: report) }
    }

    /// All of them, without the types of their events.
    let hosted: [HostedPlugin]

    func publish(_ event: FlowmancerCore.LogEvent) {
        for logger in loggers { logger.offer(event) }
    }

    func publish(_ event: ExecutionEvent) {
        for observer in extensions { observer.offer(event) }
    }

    /// Creates the checkpointer of a job, which was validated before.
    static func checkpointer(
        of job: JobDefinition,
        catalog: TypeCatalog,
        sharedDict: SharedDict,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws -> HostedCheckpointer {
        let type = try catalog.checkpointer(named: job.checkpointer.variant).get()
        let checkpointer = try make(type, job.checkpointer, at: ParameterPath("checkpointer"))
        return HostedCheckpointer(
            checkpointer,
            jobName: job.configuration.name,
            context: context(job, "checkpointer", job.checkpointer, sharedDict),
            report: report
        )
    }

    /// The memory that an event takes, in bytes, roughly.
    private static func size(_ event: FlowmancerCore.LogEvent) -> Int {
        guard case .write(_, let message) = event.kind else { return 160 }
        let metadata = event.metadata.reduce(0) { $0 + 64 + $1.key.utf8.count + $1.value.utf8.count }
        return 160 + message.utf8.count + event.rawBytes.count + metadata
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
