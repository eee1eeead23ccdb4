import FlowmancerCore
import FlowmancerRandom
import FoundationEssentials
import TestSupport
import Testing

/// Random runs, whose digest is compared with a naive model.
struct RunDigestPropertyTests {
    /// A run in which every task begins when its dependencies have ended, and has one to three attempts.
    private struct RandomRun {
        let tasks: [RecordedTask]
        let events: [RecordedEvent]
        /// For each task how long it took, in milliseconds.
        let durations: [Int]

        init(seed: UInt64) {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...20, using: &random)
            tasks = (0..<count).map { number in
                RecordedTask(name: "task-\(number)", dependencies: (0..<number).filter { _ in random.chance(25) })
            }
            var ends = [Int](repeating: 0, count: count)
            var durations = ends
            var changes: [(time: Int, change: StateChange)] = []
            for (number, task) in tasks.enumerated() {
                let ready = task.dependencies.map { ends[$0] }.max() ?? 0
                var time = ready + Int.random(in: 0...50, using: &random)
                let start = time
                let attempts = Int.random(in: 1...3, using: &random)
                for attempt in 1...attempts {
                    let begin = StateChange(task: task.name, attempt: attempt, from: .pending, to: .running)
                    changes.append((time, begin))
                    time += Int.random(in: 1...100, using: &random)
                    let last: ExecutionState = random.chance(80) ? .completed : .failed
                    let state = attempt < attempts ? .pending : last
                    let failure = state == .completed ? nil : AttemptFailure(reason: "attempt \(attempt)")
                    changes.append(
                        (
                            time,
                            StateChange(task: task.name, attempt: attempt, from: .running, to: state, failure: failure)
                        )
                    )
                    if attempt < attempts { time += Int.random(in: 0...30, using: &random) }
                }
                (ends[number], durations[number]) = (time, time - start)
            }
            self.durations = durations
            // What happens at the same time happens in the order of the tasks.
            let order = changes.indices.sorted { (changes[$0].time, $0) < (changes[$1].time, $1) }
            events = order.enumerated().map { number, index in
                let time = Date(timeIntervalSince1970: 1_764_547_200 + Double(changes[index].time) / 1_000)
                return RecordedEvent(number: number + 1, time: time, changes[index].change)
            }
        }
    }

    @Test func statesAttemptsAndCountsAreThoseOfANaiveModel() {
        for seed in 0..<200 as Range<UInt64> {
            let run = RandomRun(seed: seed)
            var digest = RunDigest(RunShape(tasks: run.tasks))
            var states = [String: ExecutionState](uniqueKeysWithValues: run.tasks.map { ($0.name, .pending) })
            var failures: [String: [String]] = [:]
            for event in run.events {
                digest.apply(event)
                guard let change = event.change else { continue }
                states[change.task] = change.to
                if let failure = change.failure { failures[change.task, default: []].append(failure.reason) }
                let found = digest.nodes.indices.map { digest.state(of: $0) }
                #expect(found == run.tasks.map { states[$0.name] }, "seed \(seed), event \(event.number)")
                let counts = Dictionary(grouping: states.values) { $0 }.mapValues(\.count)
                #expect(digest.counts.filter { $0.value > 0 } == counts, "seed \(seed), event \(event.number)")
            }
            for (number, task) in run.tasks.enumerated() {
                let attempts = digest.tasks[number].attempts
                #expect(attempts.map(\.number) == Array(1...attempts.count))
                #expect(
                    attempts.compactMap(\.failure?.reason) == failures[task.name] ?? [],
                    "seed \(seed), \(task.name)"
                )
                let milliseconds = digest.tasks[number].duration.map { ($0 / .milliseconds(1)).rounded() }
                #expect(milliseconds == Double(run.durations[number]), "seed \(seed), \(task.name)")
            }
        }
    }

    @Test func theLongestWayIsAsLongAsThatOfANaiveModel() {
        for seed in 0..<200 as Range<UInt64> {
            let run = RandomRun(seed: seed)
            var digest = RunDigest(RunShape(tasks: run.tasks))
            for event in run.events { digest.apply(event) }
            var lengths: [Int] = []
            for (number, task) in run.tasks.enumerated() {
                lengths.append(run.durations[number] + (task.dependencies.map { lengths[$0] }.max() ?? 0))
            }
            let path = digest.criticalPath
            #expect(path.reduce(0) { $0 + run.durations[$1] } == lengths.max(), "seed \(seed)")
            for (task, next) in zip(path, path.dropFirst()) {
                #expect(run.tasks[next].dependencies.contains(task), "seed \(seed)")
            }
        }
    }

    /// The members of groups are known as well if they come in the run as if they were known before.
    @Test func itMakesNoDifferenceWhenMembersBecomeKnown() {
        let tasks = [
            RecordedTask(name: "load", form: .itemJobs), RecordedTask(name: "load/a", container: 0),
            RecordedTask(name: "load/b", dependencies: [1], container: 0), RecordedTask(name: "end", dependencies: [0]),
        ]
        for seed in 0..<50 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let items = (0..<Int.random(in: 1...5, using: &random)).map { "load[\($0)]" }
            let members = items.flatMap { [$0, "\($0)/a", "\($0)/b"] }
            let leaves = members.filter { $0.contains("/") } + ["end"]
            let changes = leaves.flatMap { name in
                let end: ExecutionState = random.chance(70) ? .completed : .failed
                return [
                    StateChange(task: name, attempt: 1, from: .pending, to: .running),
                    StateChange(task: name, attempt: 1, from: .running, to: end),
                ]
            }
            let start = Date(timeIntervalSince1970: 1_764_547_200)
            func digest(_ nodes: [String], _ first: [RecordedEvent]) -> RunDigest {
                var digest = RunDigest(RunShape(tasks: tasks, nodes: nodes))
                for event in first { digest.apply(event) }
                for (index, change) in changes.enumerated() {
                    let time = start.addingTimeInterval(Double(index))
                    digest.apply(RecordedEvent(number: digest.lastNumber + 1, time: time, change))
                }
                return digest
            }
            let known = digest(["load", "end"] + members, [])
            let expanded = digest(
                ["load", "end"],
                [RecordedEvent(number: 1, time: start, Expansion(group: "load", nodes: members))]
            )
            #expect(known.tasks == expanded.tasks)
            #expect(known.counts.filter { $0.value > 0 } == expanded.counts.filter { $0.value > 0 })
            #expect(known.criticalPath == expanded.criticalPath)
            let states = known.nodes.indices.map { known.state(of: $0) }
            #expect(states == expanded.nodes.indices.map { expanded.state(of: $0) })
            #expect(states[0] == (changes.dropLast(2).contains { $0.to == .failed } ? .failed : .completed))
        }
    }

    @Test func whatIsStoredOfAnEventIsReadAgain() {
        for seed in 0..<20 as Range<UInt64> {
            for event in RandomRun(seed: seed).events { #expect(RecordedEvent(json: event.json) == event) }
        }
    }
}
