import FlowmancerCore
import FoundationEssentials
import TestSupport
import Testing

/// What is foretold of random jobs, against a naive simulation.
struct RunForecastTests {
    /// A job whose tasks take known times.
    private struct RandomJob {
        var job = JobDefinition(name: "job")
        var seconds: [String: Double] = [:]
        let concurrency: Int

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            let density = Int.random(in: 0...40, using: &random)
            for number in 0..<Int.random(in: 1...30, using: &random) {
                var task = TaskDefinition("T")
                task.dependencies = (0..<number).filter { _ in random.chance(density) }.map { "t\($0)" }
                if random.chance(20) { task.priority = Int.random(in: -1...1, using: &random) }
                job.tasks["t\(number)"] = task
                seconds["t\(number)"] = Double(Int.random(in: 1...9, using: &random))
            }
            concurrency = Int.random(in: 0...4, using: &random)
        }

        var durations: TaskDurations {
            get async throws {
                var past = PastRuns()
                past.add(ends().map { ($0.key, $0.value - seconds[$0.key]!..<$0.value) })
                return try await past.durations
            }
        }

        /// How many tasks follow a task on the longest chain.
        private func followers(of name: String) -> Int {
            job.tasks.filter { $0.value.dependencies.contains(name) }.map { followers(of: $0.key) + 1 }.max() ?? 0
        }

        /// When each task ends, by looking at every second.
        func ends() -> [String: Double] {
            let order = job.tasks.keys.enumerated().sorted { lhs, rhs in
                let (left, right) = (job.tasks[lhs.element]?.priority ?? 0, job.tasks[rhs.element]?.priority ?? 0)
                if left != right { return left > right }
                let (long, short) = (followers(of: lhs.element), followers(of: rhs.element))
                return long == short ? lhs.offset < rhs.offset : long > short
            }.map(\.element)
            var ends: [String: Double] = [:]
            var second = 0.0
            while ends.count < job.tasks.count {
                for name in order where ends[name] == nil {
                    let running = ends.values.count { $0 > second }
                    let isReady = job.tasks[name]!.dependencies.allSatisfy { ends[$0].map { $0 <= second } ?? false }
                    guard isReady, concurrency == 0 || running < concurrency else { continue }
                    ends[name] = second + seconds[name]!
                }
                second += 1
            }
            return ends
        }
    }

    @Test func aRunTakesAsLongAsThatOfANaiveSimulation() async throws {
        for seed in 0..<300 as Range<UInt64> {
            let random = RandomJob(seed: seed)
            let beginning = RunForecast.Beginning(TaskRoster(random.job))
            let forecast = RunForecast(of: beginning, try await random.durations, concurrency: random.concurrency)
            #expect(forecast.duration == .seconds(random.ends().values.max()!), "seed \(seed)")
            #expect(forecast.unknown.isEmpty && forecast.knownCount == random.job.tasks.count, "seed \(seed)")
        }
    }

    @Test func theLongestWayIsAsLongAsTheRunWithoutLimit() async throws {
        for seed in 0..<200 as Range<UInt64> {
            let random = RandomJob(seed: seed)
            let beginning = RunForecast.Beginning(TaskRoster(random.job))
            let forecast = RunForecast(of: beginning, try await random.durations, concurrency: random.concurrency)
            let unlimited = RunForecast(of: beginning, try await random.durations, concurrency: 0)
            #expect(forecast.lengthOfLongestWay == unlimited.duration, "seed \(seed)")
            #expect(forecast.lengthOfLongestWay <= forecast.duration, "seed \(seed)")
            for (task, next) in zip(forecast.longestWay, forecast.longestWay.dropFirst()) {
                #expect(random.job.tasks[next.task]!.dependencies.contains(task.task), "seed \(seed)")
            }
        }
    }

    /// As time passes and all goes as in the past, what is left becomes less by just that.
    @Test func theRestOfARunIsWhatIsLeftOfIt() async throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = RandomJob(seed: seed)
            for name in random.job.tasks.keys { random.job.tasks[name]?.priority = nil }
            let (ends, durations) = (random.ends(), try await random.durations)
            let roster = TaskRoster(random.job)
            let nodes = RunNodes(RunShape(random.job, roster))
            let start = Date(timeIntervalSince1970: 1_764_547_200)
            let end = ends.values.max()!
            for second in stride(from: 0.0, through: end, by: 1) {
                let forecast = RunForecast.rest(
                    of: nodes,
                    durations,
                    concurrency: random.concurrency,
                    at: start.addingTimeInterval(second)
                ) { node in
                    let name = nodes[node].name
                    let begin = ends[name]! - random.seconds[name]!
                    if ends[name]! <= second { return .ended }
                    return begin <= second ? .running(since: start.addingTimeInterval(begin)) : .waiting
                }
                guard second < end else {
                    #expect(forecast == .overdue, "seed \(seed)")
                    continue
                }
                let left = try #require(forecast.forecast, "seed \(seed), second \(second)")
                #expect(left.duration == .seconds(end - second), "seed \(seed), second \(second)")
                #expect(left.lengthOfLongestWay <= left.duration, "seed \(seed), second \(second)")
            }
        }
    }

    @Test func groupsHaveTheItemsThatTheyHadBefore() async throws {
        var job = JobDefinition(name: "job")
        job.tasks["list"] = TaskDefinition("T")
        var load = TaskDefinition("T")
        load.forEach = ForEach(.template(ValueTemplate([.reference(ExpressionReference(.output, "list.items"))])))
        load.dependencies = ["list"]
        job.tasks["load"] = load
        var sum = TaskDefinition("T")
        sum.dependencies = ["load"]
        job.tasks["sum"] = sum
        let beginning = RunForecast.Beginning(TaskRoster(job))
        var past = PastRuns()
        past.add(["list": 1, "sum": 3])
        let before = RunForecast(of: beginning, try await past.durations, concurrency: 2)
        #expect(before.duration == .seconds(4) && before.unknown == ["load"] && before.knownCount == 2)
        past.add([("load[a]", 0..<10), ("load[b]", 0..<20), ("load[c]", 10..<40)])
        let forecast = RunForecast(of: beginning, try await past.durations, concurrency: 2)
        #expect(forecast.duration == .seconds(44) && forecast.unknown.isEmpty && forecast.knownCount == 5)
        #expect(forecast.longestWay.map(\.task) == ["list", "load[c]", "sum"])
        // The same is expected of a run that has begun.
        let nodes = RunNodes(RunShape(job, TaskRoster(job)))
        let rest = RunForecast.rest(
            of: nodes,
            try await past.durations,
            at: Date(timeIntervalSince1970: 0)
        ) { _ in .waiting }
        #expect(rest.forecast?.duration == .seconds(44))
        #expect(rest.forecast?.longestWay.map(\.task) == ["list", "load[c]", "sum"])
    }

    @Test func whatIsNotKnownIsNamed() async throws {
        var job = JobDefinition(name: "job")
        for name in ["a", "new", "b"] { job.tasks[name] = TaskDefinition("T") }
        var past = PastRuns()
        past.add(["a": 2, "b": 3, "gone": 100])
        let durations = try await past.durations
        let forecast = RunForecast(of: .init(TaskRoster(job)), durations, concurrency: 1)
        #expect(forecast.unknown == ["new"] && forecast.knownCount == 2 && forecast.duration == .seconds(5))
        // Nobody knows when such a run ends.
        let nodes = RunNodes(RunShape(job, TaskRoster(job)))
        func rest(new: RunForecast.Standing) -> RunForecast.Rest {
            RunForecast.rest(of: nodes, durations, at: Date()) { nodes[$0].name == "new" ? new : .waiting }
        }
        #expect(rest(new: .waiting) == .unknown && rest(new: .running(since: Date())) == .unknown)
        #expect(rest(new: .ended).forecast?.duration == .seconds(5))
    }

    @Test func aRunThatIsLateHasNoForecast() async throws {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["b"] = TaskDefinition("T")
        job.tasks["b"]?.dependencies = ["a"]
        var past = PastRuns()
        past.add(["a": 10, "b": 30])
        let (durations, nodes) = (try await past.durations, RunNodes(RunShape(job, TaskRoster(job))))
        let start = Date(timeIntervalSince1970: 1_764_547_200)
        func left(after seconds: Double, _ standings: [RunForecast.Standing]) -> Duration? {
            let now = start.addingTimeInterval(seconds)
            return RunForecast.rest(of: nodes, durations, at: now) { standings[$0] }.forecast?.duration
        }
        #expect(left(after: 4, [.running(since: start), .waiting]) == .seconds(36))
        #expect(left(after: 15, [.running(since: start), .waiting]) == .seconds(30))
        #expect(left(after: 41, [.running(since: start), .waiting]) == nil)
        #expect(left(after: 39, [.ended, .running(since: start)]) == nil)
        // A clock that was set back.
        #expect(left(after: -5, [.ended, .running(since: start)]) == .seconds(30))
        #expect(left(after: 5, [.ended, .running(since: nil)]) == .seconds(30))
        #expect(left(after: 5, [.ended, .ended]) == nil)
    }

    @Test func aKeptRunThatIsUnderWayIsForetold() async throws {
        let shape = RunShape(tasks: [RecordedTask(name: "a"), RecordedTask(name: "b", dependencies: [0])])
        var past = PastRuns()
        past.add(["a": 10, "b": 30])
        let durations = try await past.durations
        var run = RunDigest(shape)
        let start = Date(timeIntervalSince1970: 1_764_547_200)
        #expect(RunForecast.rest(of: run, durations, at: start).forecast?.duration == .seconds(40))
        let begin = StateChange(task: "a", attempt: 1, from: .pending, to: .running)
        run.apply(RecordedEvent(number: 1, time: start, begin))
        let forecast = RunForecast.rest(of: run, durations, at: start.addingTimeInterval(4)).forecast
        #expect(forecast?.duration == .seconds(36))
        #expect(forecast?.longestWay.map(\.task) == ["a", "b"])
        #expect(forecast?.longestWay.map(\.duration) == [.seconds(6), .seconds(30)])
        run.apply(RecordedEvent(number: 2, time: start, RunConclusion(state: .aborted)))
        #expect(RunForecast.rest(of: run, durations, at: start) == .overdue)
    }
}
