import FlowmancerCore

/// The use of a job's plug-ins without a run.
enum PluginOutsideOfRun {
    /// Creates a plug-in of a valid job.
    ///
    /// - Parameter section: The section of the job that it is for.
    static func make<Plugin: ParameterGroup>(
        _ type: Plugin.Type,
        _ definition: PluginDefinition,
        for section: String
    ) throws -> Plugin {
        var issues: [JobIssue] = []
        let path = ParameterPath(section, "parameters")
        let plugin = ParameterBinder.make(type, from: definition.parameters, at: path, issues: &issues)
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
        return plugin
    }

    /// Returns what such a plug-in finds as its context.
    static func context(_ definition: PluginDefinition, for section: String, of job: JobDefinition) -> FlowContext {
        FlowContext(
            metadata: TaskMetadata(
                jobName: job.configuration.name,
                name: section,
                variant: definition.variant
            ),
            sharedDict: SharedDict(storage: EngineSharedDictStorage()),
            logger: .init(label: section)
        )
    }
}
