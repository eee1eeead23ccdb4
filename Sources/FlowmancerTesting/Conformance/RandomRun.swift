import Flowmancer
import FlowmancerCore
import FlowmancerRandom
import FoundationEssentials

/// The events of a job that never ran: the real scheduler decides, and chance takes the place of tasks.
struct RandomRun {
    private var random: SeededGenerator
    let isRestart: Bool
    private(set) var ending = PluginRehearsal<ExecutionEvent>.Ending.success

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        isRestart = random.chance(30)
    }

    /// Returns the events of a random job.
    mutating func events() -> [ExecutionEvent] {
        let count = Int.random(in: 1...25, using: &random)
        let edges = (0..<count).map { task in
            let dependencies = (0..<task).filter { _ in random.chance(15) }.map { "task-\($0)" }
            return (name: "task-\(task)", dependencies: dependencies)
        }
        let traits = (0..<count).map { _ in
            NodeTraits(
                rule: random.chance(70) ? .allCompleted : .allCases.randomElement(using: &random) ?? .allFinished,
                policy: RetryPolicy(maxAttempts: Int.random(in: 1...3, using: &random)),
                allowsFailure: random.chance(20)
            )
        }
        let origins = traits.map { traits -> TaskOrigin in
            guard isRestart, random.chance(30) else { return random.chance(10) ? .skipped : .fresh }
            return traits.allowsFailure && random.chance(50) ? .failed : .completed
        }
        let limit = Int.random(in: 0...4, using: &random)
        let scheduler = Scheduler(
            NodePlan(TaskGraph(edges), traits: TraitsTable(traits), origins: origins),
            settings: SchedulerSettings(concurrency: limit)
        )
        let abortsAt = random.chance(30) ? Int.random(in: 0...30, using: &random) : .max
        let events = Self.simulate(scheduler, names: edges.map(\.name), abortsAt: abortsAt) { waiting in
            let task = waiting.indices.randomElement(using: &random) ?? 0
            return (task, random.chance(70) ? .succeeded : .failed(.error))
        }
        let isFailure = events.contains { $0.to.countsAsFailure && !$0.isAllowedFailure }
        ending = events.contains { $0.to == .aborted } ? .abort : isFailure ? .failure : .success
        return events
    }

    /// Returns the events of a job whose tasks end as given; the last outcome holds for all that follow.
    static func events(
        _ tasks: [String: [String]],
        completed: Set<String> = [],
        outcomes: [AttemptOutcome]
    ) -> [ExecutionEvent] {
        let edges = tasks.sorted { $0.key < $1.key }.map { (name: $0.key, dependencies: $0.value) }
        let scheduler = Scheduler(
            NodePlan(
                TaskGraph(edges),
                traits: TraitsTable(repeating: NodeTraits(), count: edges.count),
                origins: edges.map { completed.contains($0.name) ? .completed : .fresh }
            )
        )
        var ended = 0
        return simulate(scheduler, names: edges.map(\.name), abortsAt: .max) { _ in
            defer { ended += 1 }
            return (0, outcomes[min(ended, outcomes.count - 1)])
        }
    }

    /// - Parameter choose: Says which of the attempts under way ends next, and how.
    private static func simulate(
        _ scheduler: Scheduler,
        names: [String],
        abortsAt: Int,
        _ choose: ([Int]) -> (index: Int, AttemptOutcome)
    ) -> [ExecutionEvent] {
        var scheduler = scheduler
        var events: [ExecutionEvent] = []
        var (running, steps, isAborted): ([Int], Int, Bool) = ([], 0, false)
        var inbox: [SchedulerEvent] = [.begin]
        while true {
            if inbox.isEmpty {
                guard !running.isEmpty else { return events }
                let (index, outcome) = choose(running)
                inbox.append(.ended(running.remove(at: index), isAborted ? .aborted : outcome))
            }
            if steps == abortsAt {
                isAborted = true
                inbox.append(.abort)
            }
            steps += 1
            for action in scheduler.handle(inbox.removeFirst()) {
                switch action {
                case .transition(let transition):
                    let event = ExecutionEvent(
                        jobName: "conformance",
                        taskName: names[transition.task],
                        timestamp: Date(),
                        attempt: transition.attempt,
                        from: transition.from,
                        to: transition.to,
                        reason: transition.reason?.text { names[$0] },
                        isAllowedFailure: transition.to == .failed && scheduler.allowsFailure(of: transition.task)
                    )
                    events.append(event)
                case .start(let task, _, _):
                    running.append(task)
                    inbox.append(.started(task))
                case .withdraw(let task):
                    running.removeAll { $0 == task }
                case .wake(let timer, _), .wakeAtRandom(let timer, _):
                    inbox.append(.elapsed(timer))
                default:
                    break
                }
            }
        }
    }
}
