extension ResumePlan.Decision {
    /// Every decision in words, in the order in which they are told.
    fileprivate static let explanations: [(decision: Self, text: String)] = [
        (.keep, "done, kept"),
        (.keepChanged, "done, kept although the definition changed (--rerun-changed runs them again)"),
        (.keepFailure, "failed, kept because that is allowed"),
        (.run(.was(.failed)), "failed, run again"),
        (.run(.interrupted), "was running, runs again"),
        (.run(.was(.aborted)), "aborted, run again"),
        (.run(.was(.defaulted)), "not run because other tasks failed, run now"),
        (.run(.was(.pending)), "had not started, run now"),
        (.run(.was(.initial)), "had not started, run now"),
        (.run(.was(.skipped)), "skipped before, run now"),
        (.run(.undecided), "not run before, its condition decides now"),
        (.run(.unresolved), "lacked a value, looks it up and runs now"),
        (.run(.changed), "done, but the definition changed: run again"),
        (.run(.dependencyRuns), "done, decided anew because a dependency runs again"),
        (.run(.ruleDecides), "did not run; its rule is decided anew"),
        (.run(.new), "new, run now"),
        (.leaveOut(nil), "left out on request"),
    ]

    /// For a state that is known to another version only.
    fileprivate static let otherwise = "not done, run now"

    /// What is done with the task, and why.
    package var explanation: String {
        let decision: Self = if case .leaveOut = self { .leaveOut(nil) } else { self }
        return Self.explanations.first { $0.decision == decision }?.text ?? Self.otherwise
    }
}

extension ResumePlan: CustomStringConvertible {
    /// A line for every kind of decision, with the tasks that it holds for.
    package var description: String { text() }

    /// The same.
    ///
    /// - Parameter groups: The members of groups that are expanded as in the earlier run.
    package func text(with groups: [TaskExpansion] = []) -> String {
        var tasks: [String: [String]] = [:]
        func add(_ names: [String], _ decisions: [Decision]) {
            for (name, decision) in zip(names, decisions) where decision != .enter {
                tasks[decision.explanation, default: []].append(name)
            }
        }
        func add(_ group: TaskExpansion) {
            add(group.names, group.decisions)
            for (_, inner) in group.inner.sorted(by: { $0.key < $1.key }) { add(inner) }
        }
        add(names, decisions)
        for group in groups { add(group) }
        var lines = ["Restarting from the checkpoint:"]
        for text in Decision.explanations.map(\.text) + [Decision.otherwise] {
            if let tasks = tasks.removeValue(forKey: text) { lines.append("  \(text): \(tasks.listed(atMost: 20))") }
        }
        if !gone.isEmpty { lines.append("  no longer in the job: \(gone.listed(atMost: 20))") }
        return lines.joined(separator: "\n")
    }
}
