public import OrderedCollections

/// A job: a graph of tasks, with its settings and plug-ins.
///
/// Load a job with a ``JobDefinitionFormat``, or build it in code:
/// ```swift
/// var job = JobDefinition(name: "nightly")
/// job.addTask("fetch", Fetch.self, parameters: ["url": "https://example.org"]) { $0.maxAttempts = 3 }
/// job.addTask("report", Report.self, dependsOn: ["fetch"])
/// ```
public struct JobDefinition: Sendable, Equatable {
    /// The version of the format of the job file.
    public var version: Double
    /// The settings of the whole job; `config` in a job file.
    public var configuration: JobConfiguration
    /// The tasks by name, in the order of their definition.
    public var tasks: OrderedDictionary<String, TaskDefinition>
    /// The executors by name, beside the one that is called ``localExecutor``.
    public var executors: OrderedDictionary<String, PluginDefinition>
    /// The loggers by name; by default, a ``FileLogger``.
    public var loggers: OrderedDictionary<String, PluginDefinition>
    /// The extensions by name; by default, a progress display.
    public var extensions: OrderedDictionary<String, PluginDefinition>
    /// The checkpointer, which stores the progress of the job; by default, a ``FileCheckpointer``.
    public var checkpointer: PluginDefinition
    /// The history, which keeps the runs of the job; by default, a ``FileHistory``.
    public var history: PluginDefinition

    /// The name of the executor that every job has: the machine that runs the engine.
    public static let localExecutor = "local"

    /// Finds where a value of the job stands in its files; `nil` for a job that was built in code.
    @Uncompared package var sourceMap: (any SourceMap)?
    /// The values of the job that hold variables without a value.
    @Uncompared package var unsetVariables: [UnsetVariable] = []

    /// Creates a job without tasks and with the default plug-ins.
    ///
    /// - Parameter name: The name of the job, which identifies its checkpoint.
    public init(name: String = JobConfiguration.defaultName) {
        version = 0.1
        configuration = JobConfiguration(name: name)
        tasks = [:]
        executors = [:]
        loggers = ["file-logger": Self.builtIn("FileLogger")]
        extensions = ["progress-bar": Self.builtIn("RichProgressBar")]
        checkpointer = Self.builtIn("FileCheckpointer")
        history = PluginDefinition("FlowmancerHistory.FileHistory")
    }

    /// With its module, since a program may have a type of its own that is called the same.
    private static func builtIn(_ name: String) -> PluginDefinition { PluginDefinition("FlowmancerPlugins.\(name)") }
}
