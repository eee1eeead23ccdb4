import FlowmancerCore
import OrderedCollections

/// Lays a job out as the value that its file holds; what is at its default is left out.
enum JobTree {
    /// - Throws: ``InvalidJobError`` if the job has a value that no file can hold.
    static func make(_ job: JobDefinition) throws -> ParameterValue {
        var issues: [JobIssue] = []
        var members: OrderedDictionary<String, ParameterValue> = [:]
        for section in JobSection.all { members[section.key] = tree(of: section, in: job, issues: &issues) }
        guard issues.isEmpty else { throw InvalidJobError(issues: issues) }
        return .object(members)
    }

    /// Finds the variables that would read as others.
    private static func refuseUnwritable(
        _ task: TaskDefinition,
        at path: @autoclosure () -> ParameterPath,
        issues: inout [JobIssue]
    ) {
        guard task.hasVariables else { return }
        for variable in task.variables(at: path()) where variable.offset == nil && !variable.reference.isWritable {
            issues.append(JobIssue(.variable(.unwritable(variable.reference.label)), at: variable.path))
        }
    }

    private static func tree(
        of section: JobSection,
        in job: JobDefinition,
        issues: inout [JobIssue]
    ) -> ParameterValue? {
        let root = ParameterPath(section.key)
        switch section.content {
        case .include, .anchors:
            return nil
        case .number(let path):
            return .double(job[keyPath: path])
        case .settings(let keys, let path):
            let settings = keys.write(job[keyPath: path], at: root, issues: &issues)
            guard !settings.isEmpty else { return nil }
            return .object(settings)
        case .tasks:
            guard !job.tasks.isEmpty else { return nil }
            let scopes = JobScopes(job)
            return .object(
                tree(
                    of: job.tasks.keys.indices.filter { scopes.containers[$0] == nil },
                    in: job,
                    scopes,
                    issues: &issues
                )
            )
        case .plugins(let kind, let path):
            let (plugins, keys) = (job[keyPath: path], PluginDefinition.keys(of: kind))
            guard plugins != section.defaults else { return nil }
            var trees: OrderedDictionary<String, ParameterValue> = [:]
            for (name, plugin) in plugins {
                trees[name] = .object(keys.write(plugin, at: root.appending(name), issues: &issues))
            }
            return .object(trees)
        case .plugin(let kind, let path):
            let plugin = job[keyPath: path]
            guard [section.key: plugin] != section.defaults else { return nil }
            return .object(PluginDefinition.keys(of: kind).write(plugin, at: root, issues: &issues))
        }
    }

    /// - Parameter numbers: The tasks of one job, by their positions.
    private static func tree(
        of numbers: [Int],
        in job: JobDefinition,
        _ scopes: JobScopes,
        issues: inout [JobIssue]
    ) -> OrderedDictionary<String, ParameterValue> {
        let keys = TaskDefinition.keys
        var tasks = OrderedDictionary<String, ParameterValue>(minimumCapacity: numbers.count)
        for number in numbers {
            let (name, task) = job.tasks.elements[number]
            refuseUnwritable(task, at: ParameterPath("tasks", name), issues: &issues)
            var members = keys.write(task, at: ParameterPath("tasks", name), issues: &issues)
            if task.subJob != nil {
                // What it would be for a task without a type; and what variables come to stands in the tasks.
                members["task"] = nil
                members["variables"] = nil
                let inner = tree(of: scopes.tasks(of: number), in: job, scopes, issues: &issues)
                members["job"] = .object(["tasks": .object(inner)])
            }
            tasks[scopes.ownName(of: number)] = .object(members)
        }
        return tasks
    }
}
