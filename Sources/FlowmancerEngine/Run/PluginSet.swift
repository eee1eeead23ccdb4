import FlowmancerCore

/// The loggers, extensions and history of a run, and where their events go.
struct PluginSet: Sendable {
    /// All of them, in the order of the sections.
    let hosted: [HostedPlugin]
    let sinks: [EventSink]
}

extension PluginSet {
    /// Creates the plug-ins of a job, which was validated before.
    init(
        _ job: JobDefinition,
        catalog: TypeCatalog,
        sharedDict: SharedDict,
        runInfo: RunInfo,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws {
        func context(_ name: String, _ definition: PluginDefinition) -> FlowContext {
            Self.context(job, name, definition, sharedDict, runInfo)
        }
        // A type that is both a logger and an extension receives both kinds of events, whichever section names it.
        let loggers = try job.loggers.map { name, definition in
            let type = try catalog.logger(named: definition.variant).get()
            let logger = try Self.make(type, definition, at: ParameterPath("loggers", name))
            let observer = logger as? any FlowExtension
            return PluginHost("loggers.\(name)", logger, logger, observer, context(name, definition), report)
        }
        let extensions = try job.extensions.map { name, definition in
            let type = try catalog.extension(named: definition.variant).get()
            let observer = try Self.make(type, definition, at: ParameterPath("extensions", name))
            let logger = observer as? any FlowLogger
            return PluginHost("extensions.\(name)", observer, logger, observer, context(name, definition), report)
        }
        let history = try catalog.history(named: job.history.variant).get()
        let feed = HistoryFeed(try Self.make(history, job.history, at: ParameterPath("history")), report: report)
        let all = loggers + extensions + [feed.host(in: context("history", job.history))]
        hosted = all.map { HostedPlugin($0, report: report) }
        sinks = all.map(\.sink)
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

    static func make<Plugin: ParameterGroup>(
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

    static func context(
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

extension PluginHost {
    /// Hosts a plug-in that is a logger, an extension, or both.
    fileprivate convenience init(
        _ name: String,
        _ plugin: any PluginLifecycle,
        _ logger: (any FlowLogger)?,
        _ observer: (any FlowExtension)?,
        _ context: FlowContext,
        _ report: @escaping @Sendable (RunNotice) -> Void
    ) {
        var interest: EventSink.Interest = []
        if logger != nil { interest.insert(.output) }
        if observer != nil { interest.insert(.states) }
        let sink = EventSink(name, interest, logger == nil ? .withoutLoss : .pacing)
        let deliver: @Sendable (RunEvent) async throws -> Void = { event in
            switch event.content {
            case .output(let event): try await logger?.update(event)
            case .state(let event): try await observer?.update(event)
            case .began, .published, .expanded, .ended: break
            }
        }
        self.init(plugin, sink, context: context, report: report, deliver: deliver)
    }
}
