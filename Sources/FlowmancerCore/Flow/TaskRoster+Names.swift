extension TaskRoster {
    /// The tasks and groups of the run that a name means from outside of the job: one of them, a task of every item, or those
    /// that match a pattern.
    ///
    /// A pattern stands for tasks of the job itself and for single items of these. What belongs to a job within the job has
    /// the name of that before its own: `publish/*`.
    func nodes(named name: String) throws(NameProblem) -> [Int] {
        if let node = names.firstIndex(of: name) { return [node] }
        let ofItems = structure == nil ? [] : names.indices.filter { job.tasks.keys[definition(of: $0)] == name }
        if !ofItems.isEmpty { return ofItems }
        let isPattern = NamePattern.isPattern(name)
        let matches = isPattern ? nodes(matching: name) : []
        guard matches.isEmpty, name != NamePattern.all else { return matches }
        if let structure, let problem = itemProblem(with: name, structure) {
            throw NameProblem(.item(problem, offset: nil))
        }
        guard isPattern else { throw NameProblem(.unknownTask(name, known: graph.names)) }
        let nearest = GlobPattern.wildcards(name).nearest(among: graph.names)
        throw NameProblem(.unmatchedPattern(name, nearest: nearest, known: graph.names))
    }

    /// Why a name means nothing.
    struct NameProblem: Error {
        let problem: JobIssue.Problem

        init(_ problem: JobIssue.Problem) { self.problem = problem }
    }

    /// Whether a node is a group whose items are known in the run only.
    func isOpen(_ node: Int) -> Bool { role(of: node) == .list && !isUnfolded(node) }

    /// What is wrong with a name that means an item, or a task of the items of a group that is not known.
    private func itemProblem(with name: String, _ structure: JobStructure) -> ItemProblem? {
        let scopes = structure.scopes
        guard let place = scopes.place(named: name, in: nil) else { return scopes.problem(ofPlain: name, in: nil) }
        var check = ItemCheck()
        if let problem = check.problem(with: place, in: nil, job, scopes) { return problem }
        let group = scopes.ancestors(of: place.task).last { job.tasks.values[$0].forEach != nil } ?? place.task
        return ItemProblem(name: name, group: job.tasks.keys[group], .open)
    }

    private func nodes(matching pattern: String) -> [Int] {
        var answers: [Question: Bool] = [:]
        let pattern = Substring(pattern)
        return names.indices.filter { matches($0, pattern, &answers) }
    }

    /// Whether a job within the job matches the beginning of a pattern: that is asked for each of its tasks.
    private struct Question: Hashable {
        let node: Int
        let pattern: Substring
    }

    private func matches(_ node: Int, _ pattern: Substring, _ answers: inout [Question: Bool]) -> Bool {
        guard let container = groups(around: node).first(where: { role(of: $0) != .list }) else {
            return GlobPattern.wildcards(String(pattern)).matches(names[node])
        }
        let own = String(names[node].utf8.dropFirst(names[container].utf8.count + 1)) ?? names[node]
        return pattern.indices.contains { slash in
            guard pattern[slash] == "/",
                GlobPattern.wildcards(String(pattern[pattern.index(after: slash)...])).matches(own)
            else { return false }
            let question = Question(node: container, pattern: pattern[..<slash])
            if let known = answers[question] { return known }
            let answer = matches(container, question.pattern, &answers)
            answers[question] = answer
            return answer
        }
    }
}
