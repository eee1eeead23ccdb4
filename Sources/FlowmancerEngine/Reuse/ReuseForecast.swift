package import FlowmancerCore
import FlowmancerSystem
import Glibc

/// What is known before a run of the tasks that may be up to date.
package struct ReuseForecast: Sendable {
    package enum Outcome: Sendable, Hashable {
        case upToDate
        /// It is not; the associated value says why.
        case runs(String)
        /// It is up to date now, but the run decides; the associated value says why.
        case open(String)
    }

    /// By the numbers of the tasks that are asked about.
    package private(set) var outcomes: [Int: Outcome] = [:]

    /// Looks at files and records, and changes nothing.
    ///
    /// - Parameters:
    ///   - origins: What is known of every task before the run; those that are not `fresh` are not asked about.
    ///   - root: The app root.
    package init(
        _ job: JobDefinition,
        _ graph: TaskGraph,
        catalog: TypeCatalog,
        origins: [TaskOrigin],
        forced: Set<Int>,
        root: String
    ) {
        guard job.hasReuse else { return }
        let store = Result { () throws(ReuseStore.Absence) in
            try ReuseStore.open(root: root, job: job.configuration.name, isReadOnly: true)
        }
        // Of each task one that runs before it, if there is any.
        var earlier = [Int?](repeating: nil, count: graph.count)
        for task in ExecutionPlan(graph, satisfied: []).levels.flatMap(\.self) {
            earlier[task] = graph.dependencies[task].lazy.compactMap { earlier[$0] }.first
            guard origins[task] == .fresh else { continue }
            if let outcome = Self.outcome(of: task, job, graph, catalog, store, forced, after: earlier[task]) {
                outcomes[task] = outcome
                if outcome == .upToDate { continue }
            }
            earlier[task] = task
        }
    }

    private static func outcome(
        of task: Int,
        _ job: JobDefinition,
        _ graph: TaskGraph,
        _ catalog: TypeCatalog,
        _ store: Result<ReuseStore?, ReuseStore.Absence>,
        _ forced: Set<Int>,
        after earlier: Int?
    ) -> Outcome? {
        let definition = job.tasks.values[task]
        guard let reuse = definition.reuse, case .success(let kind) = catalog.kind(of: definition) else { return nil }
        if forced.contains(task) { return .runs("\(ReuseRefusal.forced)") }
        let request = ReuseRequest(
            task: task,
            name: graph.names[task],
            type: kind.qualifiedName,
            parameters: definition.parameters,
            reuse: reuse,
            isForced: false
        )
        if reuse.isOpen || definition.holdsTemplates {
            return .open("depends on values that are known in the run only")
        }
        switch store {
        case .failure(let absence): return .runs(absence.description)
        case .success(nil): return .runs("\(ReuseRefusal.neverCompleted)")
        case .success(let store?):
            switch store.judge(request) {
            case .failure(let refusal): return .runs("\(refusal)")
            case .success: break
            }
            return earlier.map { .open("up to date, unless '\(graph.names[$0])' changes that") } ?? .upToDate
        }
    }
}

/// Looks for the inputs of tasks before a run.
package enum ReuseInputs {
    /// Returns the patterns that match nothing.
    ///
    /// - Parameter root: The app root.
    package static func unmatched(_ patterns: [PathPattern], root: String) -> [PathPattern] {
        guard !patterns.isEmpty, let root = try? OwnedDescriptor(root, O_RDONLY | O_DIRECTORY) else { return [] }
        return patterns.filter { pattern in
            var walk = FileWalk(root: root, isSearch: true)
            walk.find(pattern)
            switch walk.problem {
            case .missing, .unmatched: return true
            case .unreadable, .noFile, .changing, nil: return false
            }
        }
    }
}
