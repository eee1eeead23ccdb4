import FlowmancerCore

/// The loggers and extensions of a run: where its events go.
struct PluginSet: Sendable {
    /// All of them, those of the section `loggers` first.
    let hosted: [HostedPlugin]
    /// Those that receive what tasks write.
    let loggers: [PluginHost]
    /// Those that receive changes of state; a plug-in may be among both.
    let extensions: [PluginHost]

    /// Creates the plug-ins of a job, which was validated before.
    init(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        sharedDict: SharedDict,
        runInfo: RunInfo,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws {
        let loggers = try job.loggers.map { name, definition in
            let type = try catalog.logger(named: definition.variant).get()
            let logger = try Self.make(type, definition, at: ParameterPath("loggers", name))
            let context = Self.context(job, name, definition, sharedDict, runInfo)
            return Recipient("loggers.\(name)", logger: logger, context: context, report: report)
        }
        let extensions = try job.extensions.map { name, definition in
            let type = try catalog.extension(named: definition.variant).get()
            let observer = try Self.make(type, definition, at: ParameterPath("extensions", name))
            let context = Self.context(job, name, definition, sharedDict, runInfo)
            return Recipient("extensions.\(name)", observer: observer, context: context, report: report)
        }
        let all = loggers + extensions
        hosted = all.map { HostedPlugin($0.host, report: report) }
        self.loggers = all.filter(\.takesLogs).map(\.host)
        self.extensions = all.filter(\.takesStates).map(\.host)
    }

    func publish(_ event: FlowmancerCore.TaskLogEvent) {
        for logger in loggers { logger.offer(.log(event)) }
    }

    func publish(_ event: ExecutionEvent) {
        for observer in extensions { observer.offer(.state(event)) }
    }

    /// Creates the checkpointer of a job, which was validated before.
    static func checkpointer(
        of job: JobDefinition,
        catalog: TypeCatalog,
        sharedDict: SharedDict,
        runInfo: RunInfo,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws -> HostedCheckpointer {
        let type = try catalog.checkpointer(named: job.checkpointer.variant).get()
        let checkpointer = try make(type, job.checkpointer, at: ParameterPath("checkpointer"))
        return HostedCheckpointer(
            checkpointer,
            jobName: job.configuration.name,
            context: context(job, "checkpointer", job.checkpointer, sharedDict, runInfo),
            report: report
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
        _ sharedDict: SharedDict,
        _ runInfo: RunInfo
    ) -> FlowContext {
        FlowContext(
            metadata: TaskMetadata(
                runID: runInfo.id,
                jobName: job.configuration.name,
                name: name,
                variant: definition.variant
            ),
            sharedDict: sharedDict,
            logger: .init(label: name),
            runInfo: runInfo
        )
    }
}

/// A plug-in, and which events it receives: its section says one kind, its type may add the other.
private struct Recipient {
    let host: PluginHost
    let takesLogs: Bool
    let takesStates: Bool

    init(
        _ name: String,
        logger: any FlowLogger,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void
    ) {
        self.init(name, logger, logger: logger, observer: logger as? any FlowExtension, context, report)
    }

    init(
        _ name: String,
        observer: any FlowExtension,
        context: FlowContext,
        report: @escaping @Sendable (RunNotice) -> Void
    ) {
        self.init(name, observer, logger: observer as? any FlowLogger, observer: observer, context, report)
    }

    private init(
        _ name: String,
        _ plugin: any PluginLifecycle,
        logger: (any FlowLogger)?,
        observer: (any FlowExtension)?,
        _ context: FlowContext,
        _ report: @escaping @Sendable (RunNotice) -> Void
    ) {
        takesLogs = logger != nil
        takesStates = observer != nil
        host = PluginHost(name, plugin: plugin, context: context, report: report) { event in
            switch event {
            case .log(let event): try await logger?.update(event)
            case .state(let event): try await observer?.update(event)
            }
        }
    }
}
