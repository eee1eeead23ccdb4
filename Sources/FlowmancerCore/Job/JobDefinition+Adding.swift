public import OrderedCollections

extension JobDefinition {
    /// Adds a task, or replaces the one of the same name.
    ///
    /// ```swift
    /// job.addTask("load", Load.self, dependsOn: ["list"], parameters: ["url": "https://example.org"]) {
    ///     $0.maxAttempts = 3
    ///     $0.forEach = ["eu", "us"]
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - name: The name of the task.
    ///   - type: The type to run.
    ///   - dependencies: The names of the tasks that must complete first.
    ///   - parameters: The values of the type's parameters.
    ///   - configure: Changes the settings of the task.
    public mutating func addTask(
        _ name: String,
        _ type: any FlowTask.Type,
        dependsOn dependencies: [String] = [],
        parameters: OrderedDictionary<String, ParameterValue> = [:],
        configure: (inout TaskDefinition) -> Void = { _ in }
    ) {
        var definition = TaskDefinition(type, parameters: parameters)
        definition.dependencies = dependencies
        configure(&definition)
        tasks[name] = definition
    }

    /// Adds the tasks of another job, under names that begin with that of a task which stands for them: `publish/build`.
    ///
    /// The task is one for the others: those that depend on it wait for all of its tasks, and these begin when its own
    /// dependencies allow it to run. Of the other job, only the tasks count. A job that the name stood for before is replaced.
    ///
    /// - Parameters:
    ///   - name: The name of the task that stands for the job.
    ///   - job: The job. Within it, the names of tasks keep their meaning.
    ///   - dependencies: The names of the tasks that must complete first.
    ///   - configure: Changes the settings of the task that stands for the job, such as its condition.
    public mutating func addJob(
        _ name: String,
        _ job: JobDefinition,
        dependsOn dependencies: [String] = [],
        configure: (inout TaskDefinition) -> Void = { _ in }
    ) {
        var definition = TaskDefinition("")
        definition.subJob = SubJob()
        definition.dependencies = dependencies
        configure(&definition)
        if tasks[name] != nil { tasks.removeAll { key, task in Self.isTask(key, task, of: name) } }
        tasks[name] = definition
        // Directly behind the task that stands for them.
        var position = tasks.index(forKey: name).map { $0 + 1 } ?? tasks.count
        for (innerName, innerTask) in job.tasks {
            var task = innerTask
            task.parent = innerTask.parent.map { "\(name)/\($0)" } ?? name
            tasks.updateValue(task, forKey: "\(name)/\(innerName)", insertingAt: position)
            position += 1
        }
    }

    /// Whether a task belongs to the job that a name stands for, directly or not.
    private static func isTask(_ key: String, _ task: TaskDefinition, of name: String) -> Bool {
        guard let parent = task.parent else { return false }
        return parent == name || parent.utf8.starts(with: "\(name)/".utf8)
    }
}
