import FlowmancerCore
import OrderedCollections

/// Lays a job out as the value that its file holds; what is at its default is left out.
enum JobTree {
    typealias Members = OrderedDictionary<String, ParameterValue>

    /// - Throws: ``InvalidJobError`` if the job has a duration that no file can hold.
    static func make(_ job: JobDefinition) throws -> ParameterValue {
        var issues: [JobIssue] = []
        var members: Members = ["version": .double(job.version)]
        let configuration = settings(of: job.configuration, issues: &issues)
        if !configuration.isEmpty { members["config"] = .object(configuration) }
        var tasks = Members(minimumCapacity: job.tasks.count)
        for (name, task) in job.tasks { tasks[name] = tree(task, name: name, issues: &issues) }
        if !tasks.isEmpty { members["tasks"] = .object(tasks) }
        if job.loggers != JobDefinition.defaultLoggers { members["loggers"] = tree(job.loggers, kind: "logger") }
        if job.extensions != JobDefinition.defaultExtensions {
            members["extensions"] = tree(job.extensions, kind: "extension")
        }
        if job.checkpointer != JobDefinition.defaultCheckpointer {
            members["checkpointer"] = tree(job.checkpointer, kind: "checkpointer")
        }
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
        return .object(members)
    }

    private static func settings(of configuration: JobConfiguration, issues: inout [JobIssue]) -> Members {
        let defaults = JobConfiguration()
        var members: Members = [:]
        if configuration.name != defaults.name { members["name"] = .string(configuration.name) }
        if configuration.maxConcurrency != defaults.maxConcurrency {
            members["max_concurrency"] = .int(configuration.maxConcurrency)
        }
        if !configuration.extensionDirectories.isEmpty {
            members["extension_directories"] = .array(configuration.extensionDirectories.map(ParameterValue.string))
        }
        if !configuration.extensionPackages.isEmpty {
            members["extension_packages"] = .array(configuration.extensionPackages.map(ParameterValue.string))
        }
        let durations: [(key: String, setting: KeyPath<JobConfiguration, Duration>)] = [
            ("synchro_interval_seconds", \.synchroInterval),
            ("loggers_interval_seconds", \.loggersInterval),
            ("extensions_interval_seconds", \.extensionsInterval),
            ("checkpointer_interval_seconds", \.checkpointerInterval),
            ("abort_grace_seconds", \.abortGrace),
            ("plugin_grace_seconds", \.pluginGrace),
        ]
        for (key, setting) in durations where configuration[keyPath: setting] != defaults[keyPath: setting] {
            let path = ParameterPath("config", key)
            members[key] = seconds(configuration[keyPath: setting], at: path, issues: &issues)
        }
        if configuration.taskTimeout != defaults.taskTimeout {
            let path = ParameterPath("config", "task_timeout")
            members["task_timeout"] = limit(configuration.taskTimeout, at: path, issues: &issues)
        }
        if configuration.isolation != defaults.isolation {
            members["isolation"] = .string(configuration.isolation.rawValue)
        }
        if configuration.mergesOutput != defaults.mergesOutput {
            members["merge_output"] = .bool(configuration.mergesOutput)
        }
        return members
    }

    private static func tree(_ task: TaskDefinition, name: String, issues: inout [JobIssue]) -> ParameterValue {
        var members: Members = ["task": .string(task.variant)]
        if !task.dependencies.isEmpty { members["dependencies"] = .array(task.dependencies.map(ParameterValue.string)) }
        if task.maxAttempts != 1 { members["max_attempts"] = .int(task.maxAttempts) }
        if task.backoff != .zero {
            members["backoff"] = seconds(task.backoff, at: ParameterPath("tasks", name, "backoff"), issues: &issues)
        }
        if let timeout = task.timeout {
            members["timeout"] = limit(timeout, at: ParameterPath("tasks", name, "timeout"), issues: &issues)
        }
        if let isolation = task.isolation { members["isolation"] = .string(isolation.rawValue) }
        if let isMerged = task.mergesOutput { members["merge_output"] = .bool(isMerged) }
        if !task.parameters.isEmpty { members["parameters"] = .object(task.parameters) }
        return .object(members)
    }

    private static func tree(_ plugins: OrderedDictionary<String, PluginDefinition>, kind: String) -> ParameterValue {
        .object(plugins.mapValues { tree($0, kind: kind) })
    }

    private static func tree(_ plugin: PluginDefinition, kind: String) -> ParameterValue {
        var members: Members = [kind: .string(plugin.variant)]
        if !plugin.parameters.isEmpty { members["parameters"] = .object(plugin.parameters) }
        return .object(members)
    }

    private static func limit(_ limit: TimeLimit, at path: ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        switch limit {
        case .unlimited: .string(TimeLimit.unlimitedWord)
        case .limited(let duration): seconds(duration, at: path, issues: &issues)
        }
    }

    /// Writes a duration as the number of seconds that reads as just this duration.
    private static func seconds(_ duration: Duration, at path: ParameterPath, issues: inout [JobIssue])
        -> ParameterValue
    {
        let (whole, attoseconds) = duration.components
        if attoseconds == 0, whole >= 0, let count = Int(exactly: whole), count < 1_000_000_000_000_000 {
            return .int(count)
        }
        let value = Double(whole) + Double(attoseconds) * 1e-18
        if (0...Duration.longestSetting).contains(value), Duration(nearestTo: value) == duration {
            return .double(value)
        }
        let reason = "a job file cannot hold the duration \(duration) exactly; use whole nanoseconds"
        issues.append(JobIssue(.rejectedValue(reason: reason), at: path))
        return .null
    }
}
