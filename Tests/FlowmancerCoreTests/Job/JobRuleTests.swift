import FlowmancerCore
import Testing

/// What `validate` says of rules.
@Suite struct JobRuleTests {
    @Test(
        arguments: [
            (.anyFailed, "the task never runs: it has no dependencies, so 'any_failed' never holds"),
            (.anyCompleted, "the task never runs: it has no dependencies, so 'any_completed' never holds"),
            (.allFailed, "'all_failed' always holds, because the task has no dependencies"),
            (.allFinished, "'all_finished' always holds, because the task has no dependencies"),
        ] as [(TriggerRule, String)]
    )
    func aRuleNeedsDependencies(rule: TriggerRule, message: String) {
        let found = issues(["a": ([], rule)])
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.description.hasPrefix("warning: tasks.a.run_if: \(message); ") == true, "\(found)")
    }

    @Test func whatCannotHappenIsSaid() {
        // A task that is never run is skipped, so nothing fails for those behind it.
        let found = issues([
            "never": ([], .anyFailed), "behind": (["never"], .anyFailed), "load": ([], .allCompleted),
            "audit": (["load"], .anyFailed), "all": (["never", "audit"], .allFailed),
        ])
        #expect(found.map { "\($0.path)" } == ["tasks.never.run_if", "tasks.behind.run_if", "tasks.all.run_if"])
        #expect(found.last?.message.contains("'all_failed' holds; change 'run_if' here or of its dependencies") == true)
    }

    @Test(arguments: TriggerRule.allCases) func aRuleThatMayHoldIsFine(rule: TriggerRule) {
        #expect(issues(["a": ([], .allCompleted), "b": (["a"], rule)]).isEmpty)
    }

    private func issues(_ tasks: KeyValuePairs<String, ([String], TriggerRule)>) -> [JobIssue] {
        var job = JobDefinition(name: "job")
        (job.loggers, job.extensions) = ([:], [:])
        for (name, (dependencies, rule)) in tasks {
            job.addTask(name, Work.self, dependsOn: dependencies)
            job.tasks[name]?.runIf = rule
        }
        var catalog = TypeCatalog()
        catalog.register(Work.self)
        return JobValidator.validate(job, catalog: catalog).filter { $0.severity == .warning }
    }
}

private struct Work: FlowTask {
    func run() async throws {}
}
