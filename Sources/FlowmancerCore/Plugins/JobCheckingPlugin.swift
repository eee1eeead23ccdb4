package import OrderedCollections

/// A type of plug-ins that finds more in its parameters than their types tell, once it knows the job around it.
package protocol JobCheckingPlugin: PluginLifecycle {
    /// Returns what is wrong or doubtful.
    ///
    /// - Parameters:
    ///   - parameters: The values that the job has for the plug-in, which need not fit their types.
    ///   - path: Where they stand.
    ///   - job: The job.
    static func issues(
        with parameters: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        in job: JobDefinition
    ) -> [JobIssue]
}
