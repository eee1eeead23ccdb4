import OrderedCollections

/// What names mean in the tasks of a job.
///
/// A task names the others of the job that it belongs to: those of a sub-job are relative to it. From outside, `publish/build`
/// is the task `build` of the sub-job `publish`. Tasks go by their numbers, which are their positions in the job.
package struct JobScopes: Sendable {
    let tasks: OrderedDictionary<String, TaskDefinition>
    /// The sub-job that each task belongs to directly. A task of the job itself is missing, so this is empty for most jobs.
    package let containers: [Int: Int]
    /// The tasks that belong directly to each sub-job, in the order of the job.
    private let contents: [Int: [Int]]

    package init(_ job: JobDefinition) {
        tasks = job.tasks
        var containers: [Int: Int] = [:]
        var contents: [Int: [Int]] = [:]
        // There may be a million tasks.
        guard job.hasSubJobs else {
            (self.containers, self.contents) = (containers, contents)
            return
        }
        for (number, (name, task)) in job.tasks.enumerated() {
            // Others are refused by the validator; and no sub-job can be within itself.
            guard let parent = task.parent, name.utf8.starts(with: "\(parent)/".utf8),
                let container = job.tasks.index(forKey: parent)
            else { continue }
            containers[number] = container
            contents[container, default: []].append(number)
        }
        self.containers = containers
        self.contents = contents
    }

    /// Returns the task that a name stands for where a task has it; `nil` if there is none, or the name is a pattern.
    package func definition(named name: String, from task: Int) -> Int? {
        definition(named: name, in: containers[task])
    }

    /// Returns the task that a name stands for among those of a sub-job; of the job itself, if that is `nil`.
    func definition(named name: String, in container: Int?) -> Int? {
        guard let container else { return tasks.index(forKey: name) }
        guard let found = tasks.index(forKey: "\(tasks.elements[container].key)/\(name)"),
            isTask(found, within: container)
        else { return nil }
        return found
    }

    /// Returns the task whose state an expression of a task asks for; `nil` if there is none.
    package func place(of reference: ExpressionReference, from task: Int) -> TaskPlace? {
        var container = containers[task]
        for _ in 0..<reference.level {
            guard let inner = container else { return nil }
            container = containers[inner]
        }
        return place(named: reference.name, in: container)
    }

    /// Returns the task whose output is meant where a task has a name, and the one that has to wait for it.
    ///
    /// If a sub-job stands in the job around it, its tasks also see the outputs of that one's tasks. The sub-job waits for
    /// those as a whole.
    ///
    /// - Parameter level: How many sub-jobs further out the name was written.
    package func source(ofOutputOf name: String, from task: Int, level: Int = 0) -> (place: TaskPlace, reader: Int)? {
        var reader = task
        for _ in 0..<level {
            guard let container = containers[reader] else { return nil }
            reader = container
        }
        while true {
            if let found = place(named: name, from: reader) { return (found, reader) }
            guard let container = containers[reader], tasks.values[container].subJob?.file == nil else { return nil }
            reader = container
        }
    }

    /// Whether a task belongs to a sub-job, directly or not.
    package func isTask(_ task: Int, within container: Int) -> Bool {
        var next = containers[task]
        while let outer = next {
            if outer == container { return true }
            next = containers[outer]
        }
        return false
    }

    /// The sub-jobs that a task belongs to, from the innermost one.
    package func ancestors(of task: Int) -> [Int] {
        var found: [Int] = []
        while let container = containers[found.last ?? task] { found.append(container) }
        return found
    }

    /// The tasks that belong directly to a sub-job; none of any other task.
    package func tasks(of container: Int) -> [Int] { contents[container] ?? [] }

    /// The tasks that a pattern of a task may stand for: those of the same job, itself among them.
    package func siblings(of task: Int) -> [Int] {
        if let container = containers[task] { return contents[container] ?? [] }
        guard !containers.isEmpty else { return Array(tasks.keys.indices) }
        return tasks.keys.indices.filter { containers[$0] == nil }
    }

    /// Returns the sub-job around a task that keeps it from seeing the task that a name stands for outside; `nil` if there is
    /// no such task.
    func subJob(hiding name: String, from task: Int) -> String? {
        for container in ancestors(of: task) where definition(named: name, from: container) != nil {
            return tasks.elements[container].key
        }
        return nil
    }

    /// The name of a task as the tasks of its own job know it: `build` for `publish/build`.
    package func ownName(of task: Int) -> String {
        let name = tasks.elements[task].key
        guard let container = containers[task] else { return name }
        return String(name.utf8.dropFirst(tasks.elements[container].key.utf8.count + 1)) ?? name
    }

    /// The names that a task can use, those of its own job first, then those within sub-jobs of that.
    package func knownNames(from task: Int) -> [String] {
        guard !containers.isEmpty else { return Array(tasks.keys) }
        let container = containers[task]
        let start = container.map { tasks.elements[$0].key.utf8.count + 1 } ?? 0
        let own = siblings(of: task)
        let inner = tasks.keys.indices.filter { number in
            guard let direct = containers[number], direct != container else { return false }
            return container.map { isTask(number, within: $0) } ?? true
        }
        return (own + inner).map { number in
            let name = tasks.elements[number].key
            return String(name.utf8.dropFirst(start)) ?? name
        }
    }
}
