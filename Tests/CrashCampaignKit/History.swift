package import Flowmancer

/// Compares what the engine stored with what the tasks did, run after run of one job.
package struct History {
    /// How a run of the engine ended.
    package enum Ending: Sendable, Hashable {
        case killed
        case exited(Int32)
    }

    private let plan: JobPlan
    private let jobFile: String?
    private let mayLose: Bool
    private let steps: [String: JobPlan.Step]
    private var stored: CheckpointContents?
    private var succeeded: Set<String> = []
    /// What the last attempt of each task published that succeeded.
    private var published: [String: String] = [:]
    /// Whether nothing is left to do.
    package private(set) var isOver = false

    /// - Parameters:
    ///   - jobFile: The path that every checkpoint has to have.
    ///   - mayLose: Whether attempts may be lost with their machine, also before they have begun.
    package init(_ plan: JobPlan, jobFile: String? = nil, mayLose: Bool = false) {
        self.plan = plan
        self.jobFile = jobFile
        self.mayLose = mayLose
        steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.name, $0) })
    }

    /// Takes in a run.
    ///
    /// - Parameters:
    ///   - events: What the tasks did in this run.
    ///   - after: What is stored after its end; `nil` if nothing is.
    /// - Returns: What is wrong.
    package mutating func add(
        _ events: [SideEvent],
        ending: Ending,
        stored after: CheckpointContents?
    ) throws -> [String] {
        let before = stored
        var result: [String] = []
        for case .violation(let text) in events.map(\.kind) { result.append(text) }
        result += violationsOfValues(events)
        noteSuccesses(events)
        result += violationsOfAttempts(events, before: before)
        let model = try DictionaryModel(before: before?.sharedDict ?? [:], events: events)
        if let after {
            result += violationsOfStates(events, before: before, after: after)
            result += violationsOfOutputs(after)
            result += try model.violations(inCheckpoint: after.sharedDict)
            if after.jobFile != jobFile { result.append("the job file is stored as \(after.jobFile ?? "nothing")") }
        }
        switch ending {
        case .killed:
            if after == nil { result += violationsOfMissingCheckpoint(events, before: before) }
        case .exited(let code):
            isOver = true
            result += violationsOfEnd(code, after: after)
        }
        if isOver, after == nil { result += violationsOfAudit(events, model) }
        stored = after
        return result
    }

    private mutating func noteSuccesses(_ events: [SideEvent]) {
        var attempts: [String: Int] = [:]
        for event in events {
            switch event.kind {
            case .begin(let attempt, _):
                attempts[event.task] = attempt
            case .end(isSuccess: true):
                succeeded.insert(event.task)
                guard event.task != JobPlan.audit, let attempt = attempts[event.task] else { continue }
                published[event.task] = JobPlan.outputMark(run: event.run, task: event.task, attempt: attempt)
            default:
                break
            }
        }
    }

    /// A task is given what the last attempt of another one published that succeeded, in all of its own attempts.
    private func violationsOfValues(_ events: [SideEvent]) -> [String] {
        var result: [String] = []
        var known = published
        var attempts: [String: Int] = [:]
        for event in events {
            switch event.kind {
            case .begin(let attempt, _): attempts[event.task] = attempt
            case .end(isSuccess: true):
                guard let attempt = attempts[event.task] else { continue }
                known[event.task] = JobPlan.outputMark(run: event.run, task: event.task, attempt: attempt)
            case .given(let mark, let source):
                let isThere = plan.finalStates[source] == .completed
                let expected = isThere ? known[source] ?? "nothing" : "none"
                if mark != expected {
                    result.append("\(event.task) was given \(mark) of \(source), expected \(expected)")
                }
            default: break
            }
        }
        return result
    }

    // MARK: Attempts

    private func violationsOfAttempts(_ events: [SideEvent], before: CheckpointContents?) -> [String] {
        var result: [String] = []
        var last: [String: (attempt: Int, isOpen: Bool)] = [:]
        for event in events {
            switch event.kind {
            case .begin(let attempt, let isRestart):
                if before?.states[event.task] == .completed, !mayBeDecidedAnew(event.task, before) {
                    result.append("\(event.task) was stored as completed and ran again")
                }
                let previous = last[event.task]
                if previous?.isOpen == true, steps[event.task]?.failure == .throws, !mayLose {
                    result.append("\(event.task) began attempt \(attempt) before the one before ended")
                }
                if !isNext(attempt, of: event.task, after: previous?.attempt ?? 0) {
                    result.append("\(event.task) began attempt \(attempt) after \(previous?.attempt ?? 0)")
                }
                let isCommand = steps[event.task]?.isCommand == true
                if !isCommand, isRestart != (before?.states[event.task] == .failed) {
                    let state = before?.states[event.task]?.rawValue ?? "nothing"
                    result.append("\(event.task) was \(state) before and is told isRestart = \(isRestart)")
                }
                last[event.task] = (attempt, isOpen: true)
            case .end:
                last[event.task]?.isOpen = false
            default:
                break
            }
        }
        return result
    }

    /// Whether an attempt may follow on another one in the same run.
    private func isNext(_ attempt: Int, of task: String, after previous: Int) -> Bool {
        guard let step = steps[task] else { return false }
        return mayLose ? attempt > previous : attempt == previous + 1 && attempt <= step.attempts
    }

    /// Whether a task reacts to the ends of others, of which one was not done before, directly or not.
    private func mayBeDecidedAnew(_ task: String, _ before: CheckpointContents?) -> Bool {
        guard let step = steps[task], step.rule != .allCompleted, step.rule != .anyCompleted else { return false }
        return step.dependencies.contains { dependency in
            switch before?.states[dependency] {
            case .failed? where steps[dependency]?.allowsFailure == true: false
            case .completed?, .skipped?: mayBeDecidedAnew(dependency, before)
            default: true
            }
        }
    }

    // MARK: What is stored

    private func violationsOfStates(
        _ events: [SideEvent],
        before: CheckpointContents?,
        after: CheckpointContents
    ) -> [String] {
        var result: [String] = []
        for (task, state) in after.states where state == .completed && !succeeded.contains(task) {
            result.append("\(task) is stored as completed and never was")
        }
        for (task, state) in before?.states ?? [:] where state == .completed && after.states[task] != .completed {
            if mayBeDecidedAnew(task, before) { continue }
            result.append("\(task) was stored as completed and is not any more")
        }
        let ends = plan.finalStates
        var open: Set<String> = []
        for event in events {
            if case .begin = event.kind {
                open.insert(event.task)
                let dependencies = steps[event.task]?.dependencies ?? []
                for dependency in dependencies where end(of: dependency, after) != ends[dependency] {
                    let end = ends[dependency]?.description ?? "ended"
                    result.append("\(event.task) began, but \(dependency) is not stored as \(end)")
                }
            } else if case .end = event.kind {
                open.remove(event.task)
            }
        }
        for task in open where after.states[task] != .running && steps[task]?.failure == .throws {
            // It was lost, and is to begin anew.
            if mayLose, after.states[task] == .pending { continue }
            let state = after.states[task]?.rawValue ?? "nothing"
            result.append("\(task) was running and is stored as \(state)")
        }
        for event in events {
            guard case .begin = event.kind, after.states[event.task] == .initial else { continue }
            result.append("\(event.task) began and is stored as if it had not")
        }
        return result
    }

    /// The stored state of a task, which is that of its group if there are no items.
    private func end(of task: String, _ after: CheckpointContents) -> ExecutionState? {
        after.states[task] ?? steps[task].flatMap { after.states[$0.nameIfNotRun] }
    }

    /// A task has the outputs of the attempt that completed it, and none unless it is completed.
    private func violationsOfOutputs(_ after: CheckpointContents) -> [String] {
        Set(steps.keys).union(after.outputs.keys).sorted().compactMap { task in
            let isCompleted = after.states[task] == .completed
            let expected = isCompleted ? published[task].map { "{\"mark\":\"\($0)\"}" } : nil
            let found = after.outputs[task]?.rawValue
            guard found != expected else { return nil }
            return "\(task) is stored with the outputs \(found ?? "none"), expected \(expected ?? "none")"
        }
    }

    /// Nothing stored is right before anything ran, and after everything succeeded.
    private mutating func violationsOfMissingCheckpoint(_ events: [SideEvent], before: CheckpointContents?) -> [String]
    {
        if events.isEmpty, before == nil { return [] }
        isOver = plan.exitCode == 0 && succeeded.isSuperset(of: plan.completing)
        return isOver ? [] : ["the checkpoint is gone"]
    }

    // MARK: The end

    private func violationsOfEnd(_ code: Int32, after: CheckpointContents?) -> [String] {
        var result: [String] = []
        if code != plan.exitCode { result.append("the exit code is \(code), expected \(plan.exitCode)") }
        let states = plan.finalStates
        if plan.exitCode == 0 {
            if after != nil { result.append("the checkpoint is there after success") }
            for task in plan.completing.sorted() where !succeeded.contains(task) {
                result.append("the job succeeded without \(task)")
            }
        } else if let after {
            for (task, state) in states.sorted(by: { $0.key < $1.key }) where end(of: task, after) != state {
                let found = end(of: task, after)?.rawValue ?? "nothing"
                result.append("\(task) ended as \(found), expected \(state.rawValue)")
            }
        } else {
            result.append("the checkpoint is gone after a failure")
        }
        return result
    }

    private func violationsOfAudit(_ events: [SideEvent], _ model: DictionaryModel) -> [String] {
        let audit = events.filter { $0.task == JobPlan.audit }
        guard audit.contains(where: { $0.kind == .end(isSuccess: true) }) else { return [] }
        var values: [String: String] = [:]
        for case .audit(let key, let value) in audit.map(\.kind) { values[key] = value }
        return model.violations(inAudit: values)
    }
}
