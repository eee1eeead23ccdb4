/// The tasks of a job that run. The other tasks are skipped. All restrictions apply together.
///
/// A name is that of a task, of a single item of a group such as `load[eu]`, or a pattern such as `load-*`.
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

    /// Returns the tasks and groups of a run that are left out, or the issues with the selection itself.
    package func leftOut(of roster: TaskRoster) -> (nodes: Set<Int>, issues: [JobIssue]) {
        var issues: [JobIssue] = []
        var leftOut: Set<Int> = []
        for name in skip {
            leftOut.formUnion(roster.contents(of: nodes(named: name, in: roster, option: "--skip", &issues)))
        }
        let graph = runTo == nil && runFrom == nil ? roster.graph : roster.nestedGraph
        if let runTo {
            let nodes = nodes(named: runTo, in: roster, option: "--run-to", &issues)
            leftOut.formUnion(Self.others(than: graph.reachable(from: nodes, along: graph.dependencies), in: roster))
        }
        if let runFrom {
            let nodes = nodes(named: runFrom, in: roster, option: "--run-from", &issues)
            let begun = roster.contents(of: nodes)
            leftOut.formUnion(Self.others(than: graph.reachable(from: begun, along: graph.dependents), in: roster))
        }
        let isNothingLeft = roster.names.indices.allSatisfy {
            leftOut.contains($0) || roster.role(of: $0).isGroup && !roster.isOpen($0)
        }
        if issues.isEmpty, isNothingLeft, roster.count > 0 {
            // It would begin from the beginning, and so drop the progress of an earlier run, for nothing.
            let option = runFrom != nil ? "--run-from" : runTo != nil ? "--run-to" : "--skip"
            let reason = "no task is left to run; check this option and the other options that select tasks"
            issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath(option)))
        }
        return (leftOut, issues)
    }

    /// Returns the tasks and groups that run even if they are up to date, with what belongs to them, or the issues with their
    /// names.
    package func forced(in roster: TaskRoster) -> (nodes: Set<Int>, issues: [JobIssue]) {
        var issues: [JobIssue] = []
        var forced: Set<Int> = []
        for name in force {
            forced.formUnion(nodes(named: name, in: roster, option: "--force", &issues))
            if skip.contains(name) {
                let reason = "the task '\(name)' is also left out by --skip; remove one of the two options"
                issues.append(JobIssue(.rejectedValue(reason: reason), at: ParameterPath("--force")))
            }
        }
        return (forced, issues)
    }

    private func nodes(
        named name: String,
        in roster: TaskRoster,
        option: String,
        _ issues: inout [JobIssue]
    ) -> [Int] {
        do throws(TaskRoster.NameProblem) {
            return try roster.nodes(named: name)
        } catch {
            issues.append(JobIssue(error.problem, at: ParameterPath(option)))
            return []
        }
    }

    /// What is not among some nodes. The groups around these run, but not their other members.
    private static func others(than nodes: Set<Int>, in roster: TaskRoster) -> Set<Int> {
        var kept = nodes
        if !roster.isPlain { for node in nodes { kept.formUnion(roster.groups(around: node)) } }
        return Set(roster.names.indices).subtracting(kept)
    }
}

extension TaskRoster {
    /// The tasks of the job of which nothing but some tasks and groups of the run is known.
    package func definitions(within nodes: Set<Int>) -> Set<Int> {
        guard !isPlain else { return nodes }
        var found: Set<Int> = []
        var others: Set<Int> = []
        for node in names.indices {
            if nodes.contains(node) {
                found.insert(definition(of: node))
            } else if role(of: node) != .list || isOpen(node) {
                others.insert(definition(of: node))
            }
        }
        return found.subtracting(others)
    }

    /// Some tasks and groups with what stands in them, as far as that is known.
    package func contents(of nodes: some Sequence<Int>) -> Set<Int> { Set(nodes.flatMap(contents)) }
}
