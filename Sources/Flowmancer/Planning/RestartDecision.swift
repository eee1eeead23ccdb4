import FlowmancerEngine

/// What a restart does with the tasks of a run that one task of the job stands for.
struct RestartDecision: Hashable {
    /// In words; `nil` if there are no such tasks, or none is known yet.
    var explanation: String?
    /// What is known of them before the run, if it is the same for all.
    var origin: TaskOrigin

    /// Returns the decisions by the numbers of the job's tasks.
    static func all(of plan: ResumePlan, _ roster: TaskRoster) -> [RestartDecision] {
        guard !roster.isPlain else {
            return plan.decisions.map { RestartDecision(explanation: $0.explanation, origin: $0.origin) }
        }
        var decisions = [[ResumePlan.Decision]](repeating: [], count: roster.graph.count)
        for (node, decision) in plan.decisions.enumerated() where decision != .enter {
            // A group that is left out is so with its members, which say it.
            guard !roster.role(of: node).isGroup || !roster.isUnfolded(node) else { continue }
            decisions[roster.definition(of: node)].append(decision)
        }
        return decisions.map { RestartDecision($0) }
    }

    private init(_ decisions: [ResumePlan.Decision]) {
        var counts: [(text: String, count: Int)] = []
        for decision in decisions {
            let text = decision.explanation
            if let known = counts.firstIndex(where: { $0.text == text }) {
                counts[known].count += 1
            } else {
                counts.append((text, 1))
            }
        }
        let words = counts.count == 1 ? counts.map(\.text) : counts.map { "\($0.count): \($0.text)" }
        explanation = words.isEmpty ? nil : words.joined(separator: "; ")
        let origins = Set(decisions.map(\.origin))
        origin = origins.count == 1 ? origins.first ?? .fresh : .fresh
    }

    private init(explanation: String?, origin: TaskOrigin) {
        self.explanation = explanation
        self.origin = origin
    }
}
