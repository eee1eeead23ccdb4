package import OrderedCollections

/// A key of a job file itself: everything that is known of it, declared once.
package struct JobSection: Sendable {
    /// What stands under the key, and which part of the job it becomes.
    package enum Content: Sendable {
        /// The paths of files to merge before this one.
        case include
        case number(JobKeyPath<JobDefinition, Double>)
        case settings(JobKeyTable<JobConfiguration>, JobKeyPath<JobDefinition, JobConfiguration>)
        case tasks
        /// Plug-ins by name; `null` for the default.
        case plugins(
            JobIssue.NamedKind,
            JobKeyPath<JobDefinition, OrderedDictionary<String, PluginDefinition>>
        )
        /// One plug-in; `null` for the default.
        case plugin(JobIssue.NamedKind, JobKeyPath<JobDefinition, PluginDefinition>)
        /// Anything, without a meaning.
        case anchors
    }

    package let key: String
    package let content: Content
    package let help: String

    private init(_ key: String, _ content: Content, _ help: String) {
        self.key = key
        self.content = content
        self.help = help
    }

    /// All keys, in the order in which they are documented and written.
    package static let all = [
        JobSection("version", .number(\.version), "The version of the format of job files."),
        JobSection("include", .include, "Files to merge before this one, in order; paths start from the app root."),
        JobSection("config", .settings(JobConfiguration.keys, \.configuration), "The settings of the whole job."),
        JobSection("tasks", .tasks, "The tasks by name."),
        JobSection(
            "executors",
            .plugins(.executor, \.executors),
            "The executors by name, on which tasks run: see executor. The executor local is this machine, and always there."
        ),
        JobSection(
            "loggers",
            .plugins(.logger, \.loggers),
            "The loggers by name. {} means none; without this section, the default is used."
        ),
        JobSection(
            "extensions",
            .plugins(.extension, \.extensions),
            "The extensions by name. {} means none; without this section, the default is used."
        ),
        JobSection(
            "checkpointer",
            .plugin(.checkpointer, \.checkpointer),
            "The checkpointer, which stores the progress of the job; by default, a FileCheckpointer."
        ),
        JobSection(
            "history",
            .plugin(.history, \.history),
            "The history, which keeps the runs of the job; by default, a FileHistory. NoHistory keeps none."
        ),
        JobSection("aliases", .anchors, "A section for anchors, without a meaning."),
    ]

    /// Returns the section of a key.
    package static func named(_ key: String) -> JobSection? { all.first { $0.key == key } }

    /// The names of all keys whose values are expressions.
    package static let expressionKeys = TaskDefinition.keys.expressions

    /// Whether an expression stands at a path of a job file, or in the section of anchors may stand there.
    package static func isExpression(at path: [ParameterPath.Component]) -> Bool {
        guard case .key(let key)? = path.last, expressionKeys.contains(key), case .key(let first)? = path.first,
            let section = named(first)
        else { return false }
        return switch section.content {
        case .tasks: path.count - stepsToInnermostJob(of: path) == section.depth + 1
        case .anchors: path.count > 1
        case .include, .number, .settings, .plugins, .plugin: false
        }
    }

    /// How many steps of a path lead to a job within the job, in which the rest of the path begins: `tasks.publish.job`, once
    /// or several times.
    package static func stepsToInnermostJob(of path: [ParameterPath.Component]) -> Int {
        var count = 0
        while path.count > count + 3, path[count] == .key("tasks"), path[count + 2] == .key("job"),
            path[count + 3] == .key("tasks")
        {
            count += 3
        }
        return count
    }

    /// Whether a job has values under the key, whether files give any or not.
    package var hasValues: Bool {
        switch content {
        case .include, .number, .anchors: false
        case .settings, .tasks, .plugins, .plugin: true
        }
    }

    /// What stands in the section, if that is tasks or plug-ins.
    package var kind: JobIssue.NamedKind? {
        switch content {
        case .tasks: .task
        case .plugins(let kind, _), .plugin(let kind, _): kind
        case .include, .number, .settings, .anchors: nil
        }
    }

    /// How many steps from the top of the file lead to a mapping with the ``keys``.
    package var depth: Int {
        switch content {
        case .include, .number, .settings, .plugin, .anchors: 1
        case .tasks, .plugins: 2
        }
    }

    /// The second spellings of the ``keys``, and what they stand for.
    package var aliases: [(alias: String, key: String)] {
        switch content {
        case .settings(let table, _): table.aliases
        case .tasks: TaskDefinition.keys.aliases
        case .plugins(let kind, _), .plugin(let kind, _): PluginDefinition.keys(of: kind).aliases
        case .include, .number, .anchors: []
        }
    }

    /// The keys of each task or plug-in, or of the settings.
    package var keys: GroupDescription? {
        switch content {
        case .settings(let table, _): table.description
        case .tasks: TaskDefinition.keys.description
        case .plugins(let kind, _), .plugin(let kind, _): PluginDefinition.keys(of: kind).description
        case .include, .number, .anchors: nil
        }
    }

    /// The plug-ins that a job has if its files leave the section out.
    package var defaults: OrderedDictionary<String, PluginDefinition> {
        switch content {
        case .plugins(_, let path): JobDefinition.unset[keyPath: path]
        case .plugin(_, let path): [key: JobDefinition.unset[keyPath: path]]
        case .include, .number, .settings, .tasks, .anchors: [:]
        }
    }

    /// The key by which a task or plug-in names its type.
    package var typeKey: ParameterDescription? { kind == nil ? nil : keys?.parameters.first(where: \.isRequired) }
}

extension JobDefinition: JobKeyOwner {
    package static let unset = JobDefinition()
}

extension JobDefinition {
    /// Changes the plug-ins of the job.
    mutating func updatePlugins(_ change: (inout PluginDefinition, JobIssue.NamedKind, ParameterPath) -> Void) {
        for section in JobSection.all {
            switch section.content {
            case .plugins(let kind, let path):
                for (index, name) in self[keyPath: path].keys.enumerated() {
                    change(&self[keyPath: path].values[index], kind, ParameterPath(section.key, name))
                }
            case .plugin(let kind, let path):
                change(&self[keyPath: path], kind, ParameterPath(section.key))
            case .include, .number, .settings, .tasks, .anchors:
                break
            }
        }
    }

    /// The plug-ins of the job, with where they stand.
    var plugins: [(kind: JobIssue.NamedKind, path: ParameterPath, definition: PluginDefinition)] {
        JobSection.all.flatMap { section -> [(JobIssue.NamedKind, ParameterPath, PluginDefinition)] in
            switch section.content {
            case .plugins(let kind, let path):
                self[keyPath: path].map { (kind, ParameterPath(section.key, $0.key), $0.value) }
            case .plugin(let kind, let path):
                [(kind, ParameterPath(section.key), self[keyPath: path])]
            case .include, .number, .settings, .tasks, .anchors:
                []
            }
        }
    }
}

extension JobIssue.NamedKind {
    /// The key of the section of a job file in which types of the kind are named.
    package var section: String { JobSection.all.first { $0.kind == self }?.key ?? rawValue }
}
