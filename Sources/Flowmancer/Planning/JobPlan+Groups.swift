import FlowmancerEngine

/// Tasks that stand for several, and jobs within the job.
extension JobPlan {
    /// Whether a task stands for a job of its own: its tasks are told of, not it.
    func isSubJob(_ task: Int) -> Bool { job.tasks.values[task].subJob != nil }

    /// The tasks of the job that are told of; one that runs for items is one of them.
    var tasks: [Int] { graph.names.indices.filter { !isSubJob($0) } }

    /// Whether a task, or a job that it is in, runs for items.
    func runsForItems(_ task: Int) -> Bool { itemOwner(of: task) != nil }

    /// The task and the jobs within the job that it begins, from the inside: it waits for what these wait for.
    func beginnings(of task: Int) -> [Int] {
        var tasks = [task]
        while graph.dependencies[tasks[tasks.count - 1]].isEmpty, let outer = graph.containers[tasks[tasks.count - 1]] {
            tasks.append(outer)
        }
        return tasks
    }

    /// What a task waits for: tasks, or single items.
    func dependencyNames(of task: Int) -> [String] { graph.dependencyNames(of: task, scopes) }

    /// For which items a task runs, in words.
    func itemNote(of task: Int) -> String? {
        guard let owner = itemOwner(of: task), let forEach = job.tasks.values[owner].forEach else { return nil }
        let place = owner == task ? "" : " of \(graph.names[owner].printable)"
        guard forEach.knownCount == nil else { return "for each of \(forEach.itemsInWords)\(place)" }
        return "for each item\(place), known in the run: from \(forEach.itemsInWords.printable)"
    }

    /// The innermost task with items that a task is, or is in.
    private func itemOwner(of task: Int) -> Int? {
        var next: Int? = task
        while let outer = next {
            if job.tasks.values[outer].forEach != nil { return outer }
            next = graph.containers[outer]
        }
        return nil
    }
}
