package import FlowmancerCore

/// What a restarted run does with each task, and why.
package struct ResumePlan: Sendable {
    /// What is done with one task.
    package enum Decision: Sendable, Hashable {
        /// It completed before.
        case keep
        /// It completed before, by another definition than today's.
        case keepChanged
        /// It runs; the associated value says why.
        case run(Reason)
        /// It did not complete, but is left out on request; its state stays, if it has one.
        case leaveOut(ExecutionState?)
    }

    /// Why a task runs.
    package enum Reason: Sendable, Hashable {
        case new, changed, interrupted
        /// It had reached this state, which is not the end of its work.
        case was(ExecutionState)
    }

    /// What is done with one task.
    package struct Step: Sendable, Hashable {
        package let task: String
        package let decision: Decision
    }

    /// The tasks in the order of the job.
    package let steps: [Step]
    /// Tasks of the checkpoint that the job no longer has.
    package let gone: [String]

    /// Compares a job with its checkpoint.
    ///
    /// - Parameters:
    ///   - leftOut: The tasks that are not to run.
    ///   - rerunChanged: Whether a completed task runs again if its definition changed.
    package init(_ job: JobDefinition, _ checkpoint: CheckpointContents, leftOut: Set<String>, rerunChanged: Bool) {
        steps = job.tasks.map { name, task in
            let isLeftOut = leftOut.contains(name)
            let decision = Self.decide(task, name, checkpoint, rerunChanged: rerunChanged && !isLeftOut)
            let isKept = decision.isKept || !isLeftOut
            return Step(task: name, decision: isKept ? decision : .leaveOut(checkpoint.states[name]))
        }
        gone = checkpoint.states.keys.filter { job.tasks[$0] == nil }.sorted()
    }

    private static func decide(
        _ task: TaskDefinition,
        _ name: String,
        _ checkpoint: CheckpointContents,
        rerunChanged: Bool
    ) -> Decision {
        switch checkpoint.states[name] {
        case nil: return .run(.new)
        case .completed:
            let isChanged = checkpoint.fingerprints[name].map { $0 != task.fingerprint } ?? false
            return isChanged ? (rerunChanged ? .run(.changed) : .keepChanged) : .keep
        case .running: return .run(.interrupted)
        case let state?: return .run(.was(state))
        }
    }
}

extension ResumePlan.Decision {
    /// Whether the task counts as completed.
    package var isKept: Bool {
        self == .keep || self == .keepChanged
    }

    /// Whether the task is left out on request.
    var isLeftOut: Bool { if case .leaveOut = self { true } else { false } }

    /// Whether ``FlowTask/onRestart()`` is called.
    package var isRestart: Bool { self == .run(.was(.failed)) }
}

extension ResumePlan {
    /// What is done, and why, in the order in which it is told.
    private static let explanations: [(decision: Decision, text: String)] = [
        (.keep, "done, kept"),
        (.keepChanged, "done, kept although the definition changed (--rerun-changed runs them again)"),
        (.run(.was(.failed)), "failed, run again"),
        (.run(.interrupted), "was running, runs again"),
        (.run(.was(.aborted)), "aborted, run again"),
        (.run(.was(.defaulted)), "not run since a dependency failed, run now"),
        (.run(.was(.pending)), "had not started, run now"),
        (.run(.was(.initial)), "had not started, run now"),
        (.run(.was(.skipped)), "skipped before, run now"),
        (.run(.changed), "done, but the definition changed: run again"),
        (.run(.new), "new, run now"),
    ]

    private static let leftOutOnRequest = "left out on request"

    /// What is done with a task, and why.
    package static func explanation(of decision: Decision) -> String {
        explanations.first { $0.decision == decision }?.text ?? leftOutOnRequest
    }
}

extension ResumePlan: CustomStringConvertible {
    /// A line for every kind of decision, with the tasks that it holds for.
    package var description: String {
        var lines = ["Restarting from the checkpoint:"]
        for (decision, explanation) in Self.explanations {
            let tasks = steps.filter { $0.decision == decision }.map(\.task)
            if !tasks.isEmpty { lines.append("  \(explanation): \(tasks.listed(atMost: 20))") }
        }
        let leftOut = steps.filter(\.decision.isLeftOut).map(\.task)
        if !leftOut.isEmpty { lines.append("  \(Self.leftOutOnRequest): \(leftOut.listed(atMost: 20))") }
        if !gone.isEmpty { lines.append("  no longer in the job: \(gone.listed(atMost: 20))") }
        return lines.joined(separator: "\n")
    }
}
