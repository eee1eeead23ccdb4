import FlowmancerRandom
import Testing

@testable import FlowmancerCore

/// The conditions of tasks: what they are checked for, what a run decides by them, and what a restart keeps.
@Suite struct TaskConditionTests {
    private func job(_ tasks: [(name: String, dependencies: [String], when: TaskCondition?)]) -> JobDefinition {
        var job = JobDefinition(name: "job")
        for task in tasks {
            var definition = TaskDefinition("T")
            definition.dependencies = task.dependencies
            definition.when = task.when
            job.tasks[task.name] = definition
        }
        return job
    }

    // MARK: Checks

    @Test(
        arguments: [
            ("$STATE{b} == 'completed'", nil), ("$STATE{c} == 'completed'", nil),
            ("1 < 2 and $STATE{a} == 'failed'", "a task cannot ask for its own state; name a task that it depends on"),
            ("$STATE{othr} == 'failed'", "no task is named 'othr'; did you mean 'other'?"),
            (
                "$STATE{other} == 'failed'",
                "'other' is not among the dependencies of this task, directly or not, "
                    + "so its state is not "
                    + "certain; add it to 'dependencies'"
            ),
            (
                "defined($STATE{other})",
                "'other' is not among the dependencies of this task, directly or not, so "
                    + "its state is not "
                    + "certain; add it to 'dependencies'"
            ),
            ("1 =", "'=' is not an operator; write '=='"),
            (
                "$VAR{x} == 1",
                "$VAR{x} has no value and no "
                    + "default; write "
                    + "$VAR{x:default}, or ask defined($VAR{x}) first"
            ),
            ("$VAR{x:2} == 2 and $DICT{k} < 1", nil),
            (
                "$STATE{nobody} == 'failed' and false",
                "no task is named "
                    + "'nobody'; expected one "
                    + "of: a, b, c, other"
            ),
        ] as [(String, String?)]
    )
    func askingForStatesNeedsADependency(text: String, expected: String?) {
        let job = job([("a", ["b"], TaskCondition(text)), ("b", ["c"], nil), ("c", [], nil), ("other", ["a"], nil)])
        let issues = JobValidator.validate(job, catalog: TypeCatalog()).filter {
            $0.path == ParameterPath("tasks", "a", "when")
        }
        #expect(issues.map(\.message) == (expected.map { [$0] } ?? []))
        #expect(issues.allSatisfy { $0.severity == .error })
    }

    @Test func whatIsDoubtfulIsAWarning() {
        let job = job([("a", ["b"], "$STATE{b} == 'FAILED'"), ("b", [], "1 == 1")])
        let issues = JobValidator.validate(job, catalog: TypeCatalog()).filter { $0.severity == .warning }
        #expect(
            issues.map { "\($0.path): \($0.message)" } == [
                "tasks.a.when: no task is ever in the state 'FAILED'; did you mean 'failed'?",
                "tasks.b.when: the condition is always true, so the task always runs; compare a variable, or remove it",
            ]
        )
    }

    @Test(arguments: 0..<200 as Range<UInt64>) func reachingIsFoundAsByWalking(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...150, using: &random)
        let graph = TaskGraph(
            (0..<count).map { task in
                let others = (0..<task).filter { _ in random.chance(seed % 2 == 0 ? 1 : 4) }
                return ("\(task)", others.map(String.init))
            }
        )
        let pairs = (0..<100).map { _ in
            (task: Int.random(in: 0..<count, using: &random), target: Int.random(in: 0..<count, using: &random))
        }
        let expected = pairs.map {
            $0.task != $0.target
                && graph.reachable(from: [$0.task], along: graph.dependencies).contains($0.target)
        }
        #expect(graph.reaches(pairs) == expected)
    }

    @Test func cyclesAreNoReasonToLookForEver() {
        let job = job([("a", ["b"], "$STATE{c} == 'failed'"), ("b", ["a"], nil), ("c", [], nil)])
        let messages = JobValidator.validate(job, catalog: TypeCatalog()).map(\.message).filter { !$0.contains("type") }
        #expect(messages == ["the tasks depend on each other in a circle: a → b → a"])
    }

    // MARK: Decisions

    private func decide(
        _ condition: TaskCondition,
        states: [String: ExecutionState] = [:],
        shared: [String: String] = [:]
    ) -> Preparation {
        let job = job([("a", ["b"], condition), ("b", [], nil)])
        let preparer = TaskPreparer(job)
        let keys = preparer.sharedKeys(of: 0)
        let moment = RunValues.Moment(
            state: { states[job.tasks.elements[$0].key] ?? .pending },
            outputs: { _ in nil },
            shared: { key in
                #expect(keys.contains(key))
                return shared[key].map { JSONText(rawValue: $0) }
            }
        )
        let roster = TaskRoster(job)
        let start = RunStart(of: .unknown, roster, ResumePlan(job, from: nil, leftOut: []))
        var values = RunValues()
        return NodePreparation.find(0, roster, preparer, start) { values.lookup($0, of: 0, in: roster, at: moment) }
            .preparation
    }

    @Test func aConditionDecides() {
        let condition: TaskCondition = "$STATE{b} == 'completed' and $DICT{rows:0} > 3"
        let runs = decide(condition, states: ["b": .completed], shared: ["rows": "4"])
        #expect(runs.decision == .run && runs.reason == nil)
        let skips = decide(condition, states: ["b": .skipped], shared: ["rows": "4"])
        #expect(skips.decision == .skip && skips.reason == "`when` is false")
        #expect(decide(condition, states: ["b": .completed]).decision == .skip)
        let fails = decide(condition, states: ["b": .completed], shared: ["rows": "[]"])
        #expect(fails.decision == .fail)
        #expect(
            fails.reason == "`when` cannot be evaluated: '>' compares two numbers or two texts, found a list "
                + "and a number"
        )
        #expect(
            decide("$DICT{x} == 1", shared: ["x": "{"]).reason?.hasSuffix(
                "$DICT{x} is not JSON that can be "
                    + "read"
            ) == true
        )
        #expect(decide("$DICT{x} == 1").decision == .fail)
    }

    private func earlier(_ record: JSONText, of condition: TaskCondition) -> Preparation? {
        var task = TaskDefinition("Work")
        task.when = condition
        return Preparation(earlier: record, of: task, as: .task, keepsValues: true)
    }

    /// What ran by a condition runs by it again; all else is decided anew.
    @Test func aRestartFollowsTheDecisionToRun() throws {
        let condition: TaskCondition = "$DICT{go:false}"
        let runs = decide(condition, shared: ["go": "true"])
        #expect(earlier(runs.record, of: condition) == Preparation(.run, record: runs.record))
        #expect(earlier(decide(condition).record, of: condition) == nil)
        #expect(earlier(decide(condition, shared: ["go": "7"]).record, of: condition) == nil)
        let other: TaskCondition = "$DICT{go:true}"
        #expect(earlier(runs.record, of: other) == nil)
        #expect(earlier(JSONText(rawValue: "{}"), of: condition) == nil)
        #expect(earlier(JSONText(rawValue: "no JSON"), of: condition) == nil)

        let job = job([("a", [], condition), ("b", [], condition), ("c", [], nil)])
        let checkpoint = CheckpointContents(
            name: "job",
            states: ["a": .failed, "b": .completed, "c": .failed],
            decisions: ["a": runs.record, "b": runs.record, "c": runs.record, "gone": runs.record],
            fingerprints: job.tasks.reduce(into: [:]) { $0[$1.key] = $1.value.fingerprint }
        )
        let start = RunStart(of: .unknown, TaskRoster(job), ResumePlan(job, from: checkpoint, leftOut: []))
        #expect(start.preparations == [0: Preparation(.run, record: runs.record)])
    }

    /// What has not run is not told of a restart.
    @Test func whatDidNotRunIsDecidedAnew() {
        let condition: TaskCondition = "$DICT{go:false}"
        let job = job([("a", [], condition), ("b", [], condition), ("c", [], condition), ("d", [], nil)])
        let fails = decide(condition, shared: ["go": "7"]).record
        let checkpoint = CheckpointContents(
            name: "job",
            states: ["a": .skipped, "b": .failed, "c": .failed, "d": .skipped],
            decisions: ["b": fails, "c": decide(condition, shared: ["go": "true"]).record]
        )
        let plan = ResumePlan(job, from: checkpoint, leftOut: [])
        #expect(
            plan.decisions == [.run(.undecided), .run(.undecided), .run(.was(.failed)), .run(.was(.skipped))]
        )
        #expect(plan.description.contains("not run before, its condition decides now: a, b"))
    }

    @Test func anotherConditionIsNoOtherTask() {
        let (first, second) = (job([("a", [], "1 == 1")]), job([("a", [], nil)]))
        #expect(first != second)
        #expect(first.tasks["a"]?.fingerprint == second.tasks["a"]?.fingerprint)
    }

    // MARK: Forecasts

    @Test func whatIsKnownBeforeARunIsForecast() throws {
        let settled = "$STATE{off} == 'skipped' and $STATE{left} == 'skipped' and $STATE{kept} == 'completed'"
        let job = job([
            ("kept", [], "$DICT{x} == 1"), ("left", [], nil), ("off", [], "1 == 2"), ("on", [], "1 == 1"),
            ("after", ["off", "left", "kept"], TaskCondition(settled)),
            ("open", ["on"], "$STATE{on} == 'completed' and $DICT{y:1} == $DICT{y:1}"),
            ("decided", [], "$DICT{z} == 1"), ("wrong", ["off"], "$STATE{off}"),
        ])
        let forecast = ConditionForecast(
            job,
            TaskGraph(job),
            settled: [0: .completed, 1: .skipped],
            preparations: [6: Preparation(.run, record: JSONText(rawValue: "{}"))]
        )
        var outcomes = forecast.outcomes
        guard case .fails(let reason)? = outcomes.removeValue(forKey: 7) else {
            Issue.record("\(forecast.outcomes)")
            return
        }
        #expect(reason.hasPrefix("`when` cannot be evaluated: expected a truth value, found text"))
        let expected: [Int: ConditionForecast.Outcome] = [
            2: .skips, 3: .holds, 4: .holds, 5: .open(["$STATE{on}", "$DICT{y}"]), 6: .wasDecided,
        ]
        #expect(outcomes == expected)
        #expect(forecast.skipped == [2])
    }
}
