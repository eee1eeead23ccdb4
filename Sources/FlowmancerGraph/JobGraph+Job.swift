package import FlowmancerCore

extension JobGraph {
    /// Creates the graph of a job whose tasks can be put in an order.
    package init(_ job: JobDefinition) {
        let graph = TaskGraph(job)
        let boxes = job.tasks.values.map { $0.parent.flatMap(job.tasks.index(forKey:)) }
        self.init(
            title: job.configuration.name.printable,
            nodes: job.tasks.enumerated().map { number, element in
                Node(element.key, element.value, box: boxes[number])
            },
            edges: graph.dependencies.enumerated().flatMap { task, dependencies in
                dependencies.compactMap { dependency in
                    let isAround =
                        Self.isBox(dependency, around: task, boxes) || Self.isBox(task, around: dependency, boxes)
                    return isAround ? nil : (from: dependency, to: task)
                }
            },
            items: Self.items(graph, JobScopes(job))
        )
    }

    private static func items(_ graph: TaskGraph, _ scopes: JobScopes) -> [Edge: Set<String>] {
        var items: [Edge: Set<String>] = [:]
        for (task, groups) in graph.items {
            for (group, places) in groups {
                items[Edge(from: group, to: task)] = Set(places.map { scopes.name(of: $0).printable })
            }
        }
        return items
    }

    private static func isBox(_ box: Int, around node: Int, _ boxes: [Int?]) -> Bool {
        var outer = boxes[node]
        while let next = outer {
            if next == box { return true }
            outer = boxes[next]
        }
        return false
    }
}

extension JobGraph.Node {
    fileprivate init(_ name: String, _ task: TaskDefinition, box: Int?) {
        let kind: Kind =
            switch (task.forEach != nil, task.subJob != nil) {
            case (false, false): .task
            case (true, false): .group
            case (false, true): .job
            case (true, true): .jobs
            }
        let items = task.forEach.map { ["for each of \($0.itemsInWords)"] } ?? []
        let rule = task.runIf == .allCompleted ? [] : [task.runIf.rawValue]
        self.init(
            name: name.printable,
            type: task.subJob == nil ? task.variant.printable : task.subJob?.file?.printable ?? "",
            kind: kind,
            box: box,
            notes: items + rule + (task.allowsFailure ? ["allow_failure"] : []),
            condition: task.when?.text.printable
        )
    }
}
