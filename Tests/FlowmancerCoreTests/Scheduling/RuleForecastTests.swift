import FlowmancerCore
import TestSupport
import Testing

@Suite struct RuleForecastTests {
    /// Against all ways in which the tasks of small jobs may end.
    @Test(arguments: UInt64(0)..<300)
    func noEndOfTheTasksContradictsTheForecast(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...6, using: &random)
        var job = JobDefinition(name: "job")
        var origins: [TaskOrigin] = []
        for number in 0..<count {
            var task = TaskDefinition("T")
            task.dependencies = (0..<number).filter { _ in random.chance(45) }.map { "t\($0)" }
            task.runIf = .allCases.randomElement(using: &random)!
            task.allowsFailure = random.chance(25)
            job.tasks["t\(number)"] = task
            origins.append(random.chance(70) ? .fresh : [.completed, .failed, .skipped].randomElement(using: &random)!)
        }
        let graph = TaskGraph(job)
        for canFail in [false, true] {
            let forecast = RuleForecast(job, graph, origins: origins, canFail: canFail).prospects
            var seen = Array(repeating: Set<RuleForecast.Prospect>(), count: count)
            for failing in 0..<(canFail ? 1 << count : 1) {
                let ends = NaiveEnds(job, graph, origins: origins, failing: failing)
                for task in 0..<count { seen[task].insert(ends.prospects[task]) }
            }
            for task in 0..<count where forecast[task] != .open {
                #expect(seen[task] == [forecast[task]], "task \(task) of \(job.tasks), \(origins)")
            }
            // If nothing fails, all is known.
            if !canFail { #expect(!forecast.contains(.open)) }
        }
    }

    /// `fix` runs only if `work` fails; so do its tasks.
    @Test(arguments: [TriggerRule.anyFailed, .allCompleted, .anyCompleted])
    func aJobWithinTheJobPassesItsRuleToItsTasks(rule: TriggerRule) {
        var job = JobDefinition(name: "job")
        func add(_ name: String, in parent: String? = nil, _ dependencies: [String] = []) {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.parent = parent
            job.tasks[name]?.dependencies = dependencies
        }
        add("work")
        add("fix", ["work"])
        job.tasks["fix"]?.subJob = SubJob()
        job.tasks["fix"]?.runIf = rule
        add("fix/a", in: "fix")
        add("fix/b", in: "fix", ["a"])
        add("last", ["fix"])
        let graph = TaskGraph(job)
        let expected = RuleForecast(job, graph, canFail: false).prospects
        let isEntered = rule != .anyFailed
        let inner: RuleForecast.Prospect = isEntered ? .runs : .ends(.skipped)
        #expect(expected == [.runs, inner, inner, inner, .runs])
        let possible = RuleForecast(job, graph, canFail: true).prospects
        #expect(possible == [.runs, .open, .open, .open, .open])
        let failed = RuleForecast(job, graph, origins: [.failed, .fresh, .fresh, .fresh, .fresh], canFail: false)
        #expect(failed.prospects[1] == .runs)
    }

    @Test func whatIsOnACycleStaysOpen() {
        var job = JobDefinition(name: "job")
        for (name, other) in [("a", "b"), ("b", "a"), ("c", "a")] {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = [other]
        }
        #expect(RuleForecast(job, TaskGraph(job), canFail: true).prospects == [.open, .open, .open])
    }
}

/// How all tasks end if certain ones fail whenever they run.
private struct NaiveEnds {
    var prospects: [RuleForecast.Prospect] = []

    init(_ job: JobDefinition, _ graph: TaskGraph, origins: [TaskOrigin], failing: Int) {
        // What each task counts as for rules about completed tasks, and for those about failed ones.
        var votes: [(completed: Bool, failed: Bool)] = []
        for number in graph.names.indices {
            let task = job.tasks.values[number]
            let own = graph.dependencies[number].map { votes[$0] }
            switch origins[number] {
            case .completed, .skipped:
                prospects.append(.known)
                votes.append((true, false))
                continue
            case .failed:
                prospects.append(.known)
                votes.append((true, true))
                continue
            case .fresh:
                break
            }
            let isMet =
                switch task.runIf {
                case .allCompleted: own.allSatisfy(\.completed)
                case .anyCompleted: own.contains(where: \.completed)
                case .allFailed: own.allSatisfy(\.failed)
                case .anyFailed: own.contains(where: \.failed)
                case .allFinished: true
                }
            let isFailing = failing & (1 << number) != 0
            if isMet {
                prospects.append(.runs)
                votes.append(isFailing ? (task.allowsFailure, true) : (true, false))
            } else if task.runIf == .allFailed || task.runIf == .anyFailed {
                prospects.append(.ends(.skipped))
                votes.append((true, false))
            } else {
                prospects.append(.ends(.defaulted))
                votes.append((false, true))
            }
        }
    }
}
