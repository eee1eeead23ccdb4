/// The tasks of a job that run. The other tasks are skipped. All restrictions apply together.
public struct JobSelection: Sendable, Hashable {
    /// The names of tasks to skip.
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
            if let task = number(name, option: "--skip") { skipped.insert(task) }
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
