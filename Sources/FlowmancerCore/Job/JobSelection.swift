/// The tasks of a job that run. The other tasks are skipped. All restrictions apply together.
public struct JobSelection: Sendable, Hashable {
    /// The names of tasks to skip; a sub-job is skipped with all of its tasks.
    public var skip: [String] = []
    /// If set, only this task and the tasks it depends on run.
    public var runTo: String?
    /// If set, only this task and the tasks that depend on it run.
    public var runFrom: String?

    /// The names of tasks that run even if they are up to date; see ``TaskDefinition/reuse``.
    public var force: [String] = []

    /// Creates a selection of all tasks.
    public init() {}

    /// Returns the tasks that run even if they are up to date, or the issues with their names.
    package func forcedTasks(in graph: TaskGraph) -> (tasks: Set<Int>, issues: [JobIssue]) {
        var issues: [JobIssue] = []
        var tasks: Set<Int> = []
        for name in force {
            if let number = graph.names.firstIndex(of: name) {
                tasks.insert(number)
            } else {
                issues.append(JobIssue(.unknownTask(name, known: graph.names), at: ParameterPath("--force")))
            }
            if skip.contains(name) {
                let reason = "the task '\(name)' is also left out by --skip; remove one of the two options"
                issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath("--force")))
            }
        }
        return (tasks, issues)
    }

    /// Returns the tasks to skip, or the issues with the selection itself.
    package func skippedTasks(in graph: TaskGraph) -> (tasks: Set<Int>, issues: [JobIssue]) {
        var issues: [JobIssue] = []
        var skipped: Set<Int> = []

        func number(_ name: String, option: String) -> Int? {
            if let number = graph.names.firstIndex(of: name) { return number }
            issues.append(JobIssue(.unknownTask(name, known: graph.names), at: ParameterPath(option)))
            return nil
        }

        for name in skip {
            if let task = number(name, option: "--skip") { skipped.formUnion(graph.contents(of: task)) }
        }
        let all = Set(graph.names.indices)
        if let runTo, let task = number(runTo, option: "--run-to") {
            skipped.formUnion(all.subtracting(graph.ancestors(of: task)))
        }
        if let runFrom, let task = number(runFrom, option: "--run-from") {
            skipped.formUnion(all.subtracting(graph.descendants(of: task)))
        }
        if issues.isEmpty, skipped == all, !all.isEmpty {
            // It would begin from the beginning, and so drop the progress of an earlier run, for nothing.
            let option = runFrom != nil ? "--run-from" : runTo != nil ? "--run-to" : "--skip"
            let reason = "no task is left to run; check this option and the other options that select tasks"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath(option)))
        }
        return (skipped, issues)
    }
}

extension JobSelection {
    /// Returns the tasks and groups of a run that are left out: those of tasks that are skipped, and what belongs to them.
    package func leftOut(of roster: TaskRoster) -> (nodes: Set<Int>, issues: [JobIssue]) {
        let (skipped, issues) = skippedTasks(in: roster.graph)
        guard !roster.isPlain, !skipped.isEmpty else { return (skipped, issues) }
        var nodes: Set<Int> = []
        for node in roster.names.indices {
            // A group comes before its members.
            let isWithin = roster.group(of: node).map(nodes.contains) ?? false
            if isWithin || skipped.contains(roster.definition(of: node)) { nodes.insert(node) }
        }
        return (nodes, issues)
    }

    /// Returns the tasks of the job that run even if they are up to date: those that are named, and what belongs to them.
    package func forced(in roster: TaskRoster) -> (definitions: Set<Int>, issues: [JobIssue]) {
        let (named, issues) = forcedTasks(in: roster.graph)
        return (roster.withInner(named), issues)
    }
}
