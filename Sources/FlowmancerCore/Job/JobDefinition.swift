public import OrderedCollections

/// A job: its tasks, in which order they run, and the plug-ins around them.
///
/// Load one with a ``JobDefinitionFormat``, or build one:
/// ```swift
/// var job = JobDefinition(name: "nightly")
/// job.addTask("fetch", Fetch.self, maxAttempts: 3, parameters: ["url": "https://example.org"])
/// job.addTask("report", Report.self, dependsOn: ["fetch"])
/// ```
public struct JobDefinition: Sendable {
    /// The version of the job file's format.
    public var version: Double
    /// Settings of the job as a whole; `config` in a job file.
    public var configuration: JobConfiguration
    /// The tasks by name, in the order in which they were defined.
    public var tasks: OrderedDictionary<String, TaskDefinition>
    /// The loggers by name; a single ``FileLogger`` unless the job says otherwise.
    public var loggers: OrderedDictionary<String, PluginDefinition>
    /// The extensions by name; a progress display unless the job says otherwise.
    public var extensions: OrderedDictionary<String, PluginDefinition>
    /// Where checkpoints are kept.
    public var checkpointer: PluginDefinition

    /// Finds where a value of the job stands in its files; `nil` for a job that was built in code.
    package var sourceMap: (any SourceMap)?

    /// Creates a job without tasks and with the default plug-ins.
    ///
    /// - Parameter name: The name under which checkpoints are kept.
    public init(name: String = JobConfiguration.defaultName) {
        version = 0.1
        configuration = JobConfiguration(name: name)
        tasks = [:]
        loggers = Self.defaultLoggers
        extensions = Self.defaultExtensions
        checkpointer = Self.defaultCheckpointer
    }

    // With their module, since a program may have types of its own that are called the same.
    package static let defaultLoggers: OrderedDictionary = ["file-logger": builtIn("FileLogger")]
    package static let defaultExtensions: OrderedDictionary = ["progress-bar": builtIn("RichProgressBar")]
    package static let defaultCheckpointer = builtIn("FileCheckpointer")

    private static func builtIn(_ name: String) -> PluginDefinition { PluginDefinition("FlowmancerPlugins.\(name)") }

    /// Adds a task, or replaces the one of the same name.
    ///
    /// - Parameters:
    ///   - name: The task's name, by which others depend on it.
    ///   - type: The type to run.
    ///   - dependencies: The names of the tasks that must have completed before.
    ///   - maxAttempts: How often the task may be tried; at least 1.
    ///   - backoff: The pause between two attempts.
    ///   - timeout: How long an attempt may take before it is cancelled and has failed, more than zero; `nil` for the
    ///     job's default, ``JobConfiguration/taskTimeout``.
    ///   - mergesOutput: Whether standard error is written to the same pipe as standard output; `nil` for the job's
    ///     default, ``JobConfiguration/mergesOutput``.
    ///   - parameters: The values of the type's parameters.
    public mutating func addTask(
        _ name: String,
        _ type: any FlowTask.Type,
        dependsOn dependencies: [String] = [],
        maxAttempts: Int = 1,
        backoff: Duration = .zero,
        timeout: Duration? = nil,
        mergesOutput: Bool? = nil,
        parameters: OrderedDictionary<String, ParameterValue> = [:]
    ) {
        var definition = TaskDefinition(type, parameters: parameters)
        definition.dependencies = dependencies
        definition.maxAttempts = maxAttempts
        definition.backoff = backoff
        definition.timeout = timeout.map(TimeLimit.limited)
        definition.mergesOutput = mergesOutput
        tasks[name] = definition
    }
}

extension JobDefinition: Equatable {
    /// Compares what the jobs say, not where they were loaded from.
    public static func == (lhs: JobDefinition, rhs: JobDefinition) -> Bool {
        lhs.version == rhs.version
            && lhs.configuration == rhs.configuration
            && lhs.tasks == rhs.tasks
            && lhs.loggers == rhs.loggers
            && lhs.extensions == rhs.extensions
            && lhs.checkpointer == rhs.checkpointer
    }
}
