import Flowmancer
package import TestSupport

extension JobPlan {
    /// Makes up a job of 5 to 60 tasks.
    package static func random(using random: inout SeededGenerator) -> JobPlan {
        var plan = JobPlan()
        let count = random.chance(60) ? Int.random(in: 5...15, using: &random) : Int.random(in: 5...59, using: &random)
        let width = Int.random(in: 1...8, using: &random)
        let failsAtAll = random.chance(50)
        let hasRules = random.chance(50)
        let hasValues = random.chance(50)
        let hasGroups = random.chance(50)
        // The names of the steps that a step may stand for.
        var members: [String: [String]] = [:]
        let (process, children, commands) = (random.chance(15), random.chance(50), random.chance(50))
        plan.maxConcurrency = random.chance(30) ? Int.random(in: 1...6, using: &random) : 0
        plan.seats = random.chance(40) ? Int.random(in: 1...4, using: &random) : 0
        for number in 0..<count {
            var step = Step(name: "t\(number)")
            let earlier = max(0, number - 2 * width)..<number
            for _ in 0..<Int.random(in: 0...3, using: &random) where !earlier.isEmpty && number % width != 0 {
                let name = "t\(Int.random(in: earlier, using: &random))"
                for name in members[name] ?? [name] where !step.dependencies.contains(name) {
                    step.dependencies.append(name)
                }
            }
            if random.chance(30) { step.maxAttempts = Int.random(in: 2...4, using: &random) }
            if step.maxAttempts > 1, random.chance(70) {
                step.failures = Int.random(in: 1..<step.maxAttempts, using: &random)
                if random.chance(50) { step.backoffMilliseconds = Int.random(in: 1...30, using: &random) }
                if random.chance(30) {
                    (step.backoffGrowth, step.backoffJitter) = (Double(Int.random(in: 1...3, using: &random)), 0.5)
                }
            }
            if failsAtAll, random.chance(8) { step.failures = step.maxAttempts }
            if hasRules {
                if random.chance(35) { step.rule = TriggerRule.allCases.randomElement(using: &random)! }
                if random.chance(15) {
                    step.allowsFailure = true
                    if random.chance(60) { step.failures = step.maxAttempts }
                }
            }
            step.failure = random.chance(70) ? .throws : Failure.allCases.randomElement(using: &random)!
            if step.maxAttempts > 1, random.chance(40) {
                let causes = retryChoices.randomElement(using: &random)!
                // Without another attempt, it fails.
                if failsAtAll || causes.contains(where: step.failure.isOfKind) { step.retryOn = causes }
            }
            step.isolation = process && random.chance(30) ? .process : .pool
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                step.writes.append(Write.allCases.randomElement(using: &random)!)
            }
            step.pauseMilliseconds = random.chance(50) ? 0 : Int.random(in: 1...40, using: &random)
            step.lines = random.chance(30) ? Int.random(in: 1...200, using: &random) : 1
            if children, random.chance(15) {
                step.children = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                    Child.allCases.randomElement(using: &random)!
                }
            }
            if hasValues {
                // What a group publishes is a list.
                let single = step.dependencies.filter { !$0.contains("[") }
                step.takes = single.filter { _ in random.chance(40) }
                if random.chance(20) { step.asks = single.randomElement(using: &random) }
            }
            step.isDeaf = random.chance(10)
            if commands, random.chance(40) {
                step.isCommand = true
                step.writes = []
            }
            if plan.seats > 0 {
                if random.chance(60) { step.seats = Int.random(in: 1...plan.seats, using: &random) }
                if random.chance(30) { step.priority = Int.random(in: -1...1, using: &random) }
            }
            if hasGroups, !step.isCommand, random.chance(25) {
                let count = Int.random(in: 1...4, using: &random)
                var group = Group(step.name, count, isLate: random.chance(50))
                if failsAtAll, !step.allowsFailure, random.chance(15) {
                    group = Group(step.name, count, isLate: false, maxFailures: Int.random(in: 1...2, using: &random))
                    (step.maxAttempts, step.failures, step.retryOn) = (1, 1, [])
                }
                members[step.name] = plan.add(step, for: group)
            } else {
                plan.steps.append(step)
            }
        }
        if random.chance(30) { plan.maxFailures = plan.steps.count + 1 }
        plan.addAuditIfSuccessful()
        return plan
    }

    /// The same job for a cluster. Attempts that are lost have numbers, too: which fails for good, fails in all of them. Items
    /// come in another order if attempts are lost, so that nobody knows behind which of them too many have failed.
    func onCluster() -> JobPlan {
        var plan = self
        for index in steps.indices { plan.steps[index].group?.maxFailures = nil }
        for index in steps.indices where steps[index].failures >= steps[index].attempts {
            plan.steps[index].failures = 2 * CampaignCluster.lostAttempts
        }
        return plan
    }

    /// Adds a step for every item of a group.
    ///
    /// - Returns: Their names.
    private mutating func add(_ step: Step, for group: Group) -> [String] {
        for item in group.items {
            var member = step
            member.name = "\(group.name)[\(item)]"
            member.group = group
            steps.append(member)
        }
        return group.items.map { "\(group.name)[\($0)]" }
    }

    /// How long the side file becomes, roughly: a few lines of the observer for every change of a state, and the task's own.
    var sideSize: Int { steps.reduce(0) { $0 + 550 + 60 * $1.writes.count } }

    /// The job of the systematic mode: small, with everything that the engine records.
    package static func small(isSuccessful: Bool) -> JobPlan {
        var plan = JobPlan()
        var first = Step(name: "t0")
        first.writes = [.append, .set, .count]
        var second = Step(name: "t1")
        second.dependencies = ["t0"]
        second.maxAttempts = 2
        second.failures = isSuccessful ? 1 : 2
        second.writes = [.count, .append, .remove]
        var third = Step(name: "t2")
        third.dependencies = ["t0"]
        third.children = [.session]
        third.takes = ["t0"]
        third.writes = [.set, .remove]
        third.seats = 1
        var command = Step(name: "t3")
        command.isCommand = true
        command.dependencies = ["t1"]
        command.children = [.orphan]
        command.seats = 2
        var last = Step(name: "t4")
        last.dependencies = ["t2", "t3"]
        last.writes = [.append]
        last.takes = ["t2", "t3"]
        last.asks = "t3"
        plan.seats = 2
        plan.steps = [first, second, third, command]
        var each = Step(name: "t5")
        each.dependencies = ["t1"]
        each.writes = [.count]
        last.dependencies += plan.add(each, for: Group("t5", 2, isLate: true))
        plan.steps.append(last)
        plan.addAuditIfSuccessful()
        return plan
    }

    /// A job whose journal becomes so long that it is started anew in the middle of the run.
    package static var long: JobPlan {
        var plan = JobPlan()
        var first = Step(name: "t0")
        first.writes = [.set, .append, .count]
        var second = Step(name: "t1")
        second.dependencies = ["t0"]
        second.writes = [.set, .set, .set, .set, .set]
        second.padding = 4 << 20
        var third = Step(name: "t2")
        third.dependencies = ["t1"]
        third.writes = [.append, .set, .count, .append]
        third.pauseMilliseconds = 3_000
        plan.steps = [first, second, third]
        plan.addAuditIfSuccessful()
        return plan
    }

    private mutating func addAuditIfSuccessful() {
        guard exitCode == 0 else { return }
        var audit = Step(name: Self.audit)
        audit.dependencies = steps.map(\.name)
        steps.append(audit)
    }
}
