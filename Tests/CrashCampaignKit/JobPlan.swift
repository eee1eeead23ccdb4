package import Flowmancer
import FoundationEssentials

/// A job of a round: what its tasks do, and what must come of it.
package struct JobPlan: Sendable {
    /// One task.
    package struct Step: Sendable {
        package var name: String
        package var dependencies: [String] = []
        package var rule = TriggerRule.allCompleted
        /// Whether its failure is none of the job.
        package var allowsFailure = false
        /// The dependencies whose `mark` it takes, or `none` if they published none.
        package var takes: [String] = []
        /// The dependency that has to have published its `mark`, or the task is skipped.
        package var asks: String?
        package var maxAttempts = 1
        package var backoffMilliseconds = 0
        /// How much longer each pause is than the one before, and up to how much longer by chance.
        package var backoffGrowth = 1.0
        package var backoffJitter = 0.0
        /// After which failures there is another attempt, as a job file has it; empty for all.
        package var retryOn: [String] = []
        package var isolation = Isolation.pool
        /// Whether it is a command. Then it writes only ``JobPlan/doneKey(of:)``, by capture.
        package var isCommand = false
        /// How many attempts of a run fail before one succeeds.
        package var failures = 0
        package var failure = Failure.throws
        /// What the task does to the shared dictionary, in this order.
        package var writes: [Write] = []
        package var pauseMilliseconds = 0
        package var lines = 0
        package var children: [Child] = []
        /// Whether the task blocks its thread and ignores SIGTERM.
        package var isDeaf = false
        /// The size of the values that it sets.
        package var padding = 0
        /// How many seats it needs.
        package var seats = 0
        package var priority = 0
        /// The group whose item it is, if it is one.
        package var group: Group?

        package init(name: String) {
            self.name = name
        }
    }

    /// A task that runs for items. Each of them is a step of its own, which differs from the others in its name only.
    package struct Group: Sendable, Hashable {
        package var name: String
        package var items: [String]
        /// Whether the items are known in the run only.
        package var isLate = false
        /// After so many failures, the items behind do not run. They run one after the other then, and none has a second
        /// attempt.
        package var maxFailures: Int?

        package init(_ name: String, _ count: Int, isLate: Bool, maxFailures: Int? = nil) {
            self.name = name
            self.isLate = isLate
            self.maxFailures = maxFailures
            items = (0..<count).map { "i\($0)" }
        }

        /// What `for_each` is in the job file.
        fileprivate var list: String {
            let list = JobPlan.json(items)
            let value = isLate ? "\"$DICT{no-such-key:\(list.replacing("\"", with: "\\\""))}\"" : list
            guard let maxFailures else { return value }
            return "{\"items\": \(value), \"max_concurrency\": 1, \"max_failures\": \(maxFailures)}"
        }
    }

    /// How an attempt fails.
    package enum Failure: String, Sendable, Codable, CaseIterable {
        case `throws`, exits, isKilled, traps

        /// Whether it is one of the failures that an item of ``retryChoices`` stands for.
        package func isOfKind(_ cause: String) -> Bool {
            switch self {
            case .throws: cause == "error"
            case .exits: ["error", "3", "2-5"].contains(cause)
            case .isKilled: ["crash", "137"].contains(cause)
            case .traps: cause == "crash"
            }
        }
    }

    /// What a step may have as ``Step/retryOn``.
    package static let retryChoices = [["error"], ["crash"], ["3", "timeout"], ["137", "2-5"], ["error", "crash"]]

    /// One write to the shared dictionary.
    package enum Write: String, Sendable, Codable, CaseIterable {
        /// Appends a mark to a list that all tasks share.
        case append
        /// Counts in a number that all tasks share.
        case count
        /// Sets a value of the task's own.
        case set
        /// Removes the value of the task's own.
        case remove
    }

    /// A process that a task starts and leaves behind.
    package enum Child: String, Sendable, Codable, CaseIterable {
        case plain
        /// In a session of its own, without an ear for SIGTERM and SIGHUP.
        case session
        /// Its parent ends at once.
        case orphan
        /// Stops itself.
        case stopped
        /// Without an environment that would tell where it comes from.
        case bare
    }

    package var steps: [Step] = []
    package var maxConcurrency = 0
    /// More than there are, so that it makes no difference.
    package var maxFailures: Int?
    /// How many seats there are: units of a resource. No two attempts have the same one at a time.
    package var seats = 0
    package var isolation = Isolation.pool

    package init() {}
}

extension JobPlan {
    /// The name of the last task of a job that succeeds: it reports the shared dictionary.
    package static let audit = "audit"
    /// How the keys begin that ``CampaignObserver`` writes.
    package static let observerPrefix = "observed-"
    /// The key that a task writes last.
    package static func doneKey(of task: String) -> String { "done-\(task)" }
    /// What an attempt publishes as `mark`; the audit publishes nothing.
    package static func outputMark(run: Int, task: String, attempt: Int) -> String { "\(run).\(task).\(attempt)" }
    /// The resource that tasks ask for.
    static let seat = "seat"
    /// The keys that tasks share.
    package static let sharedKeys = ["list-0", "list-1", "counter"]

    /// The state that every task ends in.
    package var finalStates: [String: ExecutionState] {
        var states: [String: ExecutionState] = [:]
        var failuresOfGroups: [String: Int] = [:]
        let allowing = Set(steps.lazy.filter(\.allowsFailure).map(\.name))
        for step in steps {
            let ends = step.dependencies.map { (state: states[$0], isAllowed: allowing.contains($0)) }
            let completed = ends.count { $0.state == .completed || $0.state == .skipped }
            let tolerated = ends.count { $0.state == .failed && $0.isAllowed }
            let isMet =
                switch step.rule {
                case .allCompleted: completed + tolerated == ends.count
                case .anyCompleted: completed + tolerated > 0
                case .allFailed: completed == 0
                case .anyFailed: completed < ends.count
                case .allFinished: true
                }
            if isMet, let asked = step.asks, states[asked] != .completed {
                states[step.name] = .skipped
            } else if isMet, let group = step.group, let most = group.maxFailures,
                failuresOfGroups[group.name, default: 0] >= most
            {
                states[step.name] = .defaulted
            } else if isMet {
                states[step.name] = step.failures < step.attempts ? .completed : .failed
                if step.failures >= step.attempts, let group = step.group {
                    failuresOfGroups[group.name, default: 0] += 1
                }
            } else {
                states[step.name] = step.rule == .anyFailed || step.rule == .allFailed ? .skipped : .defaulted
            }
        }
        return states
    }

    /// The exit code of the job.
    package var exitCode: Int32 {
        let states = finalStates
        let failures = steps.filter { step in
            states[step.name] == .defaulted || states[step.name] == .failed && !step.allowsFailure
        }
        // Of a group that was not entered, there are no items if these are known in the run only.
        return Int32(min(98, Set(failures.map { states[$0.name] == .defaulted ? $0.nameIfNotRun : $0.name }).count))
    }

    /// The tasks that complete.
    package var completing: [String] { finalStates.filter { $0.value == .completed }.map(\.key) }

    /// The job file, in JSON.
    package var jobFile: String { jobFile(executors: nil) }

    /// The job file, in JSON.
    ///
    /// - Parameter executors: A section of this name, with an executor `cluster` on which the tasks run.
    package func jobFile(executors: String?) -> String {
        let ends = finalStates
        let groups = Dictionary(
            uniqueKeysWithValues: steps.compactMap { step in step.group.map { (step.name, $0.name) } }
        )
        let tasks = steps.filter(\.isWritten).map { step in
            let needs = step.dependencies.filter { ends[$0] == .completed }
            var dependencies: [String] = []
            for name in step.dependencies.map({ groups[$0] ?? $0 }) where !dependencies.contains(name) {
                dependencies.append(name)
            }
            return """
                "\(step.group?.name ?? step.name)": {"task": "\(step.taskType)",\(step.items)
                  "dependencies": \(Self.json(dependencies)),
                  "run_if": "\(step.rule.rawValue)", "allow_failure": \(step.allowsFailure),\(step.condition)
                  "resources": \(step.seats > 0 ? "{\"\(Self.seat)\": \(step.seats)}" : "{}"), "priority": \(step.priority),
                  "max_attempts": \(step.maxAttempts), "backoff": \(step.backoff),\(step.retries)
                  \(executors == nil ? "" : #""lost_attempts": \#(CampaignCluster.lostAttempts),"#)
                  "isolation": "\(step.isolation == .pool ? "pool" : "process")"
                  \(step.name == Self.audit ? "" : #", "parameters": "# + step.parameters(needing: needs))}
                """
        }
        let units = Self.json((0..<seats).map { "s\($0)" })
        let resources = seats > 0 ? "{\"\(Self.seat)\": \(units)}" : "{}"
        return """
            {"config": {"name": "campaign", "max_concurrency": \(maxConcurrency), "resources": \(resources),
              \(executors == nil ? "" : #""executor": "cluster","#)
              "max_failures": \(maxFailures.map(String.init) ?? "\"none\"")},
             "executors": \(executors ?? "{}"),
             "extensions": {"observer": {"extension": "CampaignObserver"}},
             "checkpointer": {"checkpointer": "$CHECKPOINTER"},
             "history": {"history": "$HISTORY"},
             "tasks": {
            \(tasks.joined(separator: ",\n"))
            }}
            """
    }

    fileprivate static func json(_ names: [String]) -> String {
        "[" + names.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
    }
}

extension JobPlan.Step {
    fileprivate var taskType: String { name == JobPlan.audit ? "CampaignAudit" : isCommand ? "Shell" : "CampaignStep" }

    /// Whether the step stands in the job file: of the items of a group, one does for all.
    fileprivate var isWritten: Bool { group.map { name == "\($0.name)[\($0.items[0])]" } ?? true }

    fileprivate var items: String { group.map { " \"for_each\": \($0.list)," } ?? "" }

    /// The name under which it is stored that the step does not run.
    package var nameIfNotRun: String { group.flatMap { $0.isLate ? $0.name : nil } ?? name }

    /// How many attempts it has in a run, if all of them fail.
    package var attempts: Int { retryOn.isEmpty || retryOn.contains(where: failure.isOfKind) ? maxAttempts : 1 }

    fileprivate var backoff: String {
        let first = Double(backoffMilliseconds) / 1_000
        guard backoffGrowth != 1 || backoffJitter != 0 else { return "\(first)" }
        return "{\"first\": \(first), \"factor\": \(backoffGrowth), \"max\": 0.05, \"jitter\": \(backoffJitter)}"
    }

    fileprivate var retries: String { retryOn.isEmpty ? "" : " \"retry_on\": \(JobPlan.json(retryOn))," }

    fileprivate var condition: String {
        asks.map { #""when": "defined($OUT{\#($0).mark})","# } ?? ""
    }

    private var marks: String {
        "{" + takes.map { #""\#($0)": "$OUT{\#($0).mark:none}""# }.joined(separator: ", ") + "}"
    }

    /// - Parameter needs: The dependencies that complete.
    fileprivate func parameters(needing needs: [String]) -> String {
        guard !isCommand else { return commandParameters }
        return """
            {"failures": \(failures), "failure": "\(failure.rawValue)", "writes": \(JobPlan.json(writes.map(\.rawValue))),
             "pause": \(pauseMilliseconds), "lines": \(lines), "children": \(JobPlan.json(children.map(\.rawValue))),
             "is_deaf": \(isDeaf), "padding": \(padding), "seats": \(seats), "needs": \(JobPlan.json(needs)), "marks": \(marks)}
            """
    }
}
