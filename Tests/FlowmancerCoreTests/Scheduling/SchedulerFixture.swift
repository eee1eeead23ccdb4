import FlowmancerCore

/// A scheduler whose tasks have names and whose actions read as text.
struct SchedulerFixture {
    var scheduler: Scheduler
    /// The names of all nodes, also of those that a group expanded into.
    private(set) var names: [String]

    /// Creates a scheduler for tasks such as `"a"` or `"c < a b"`, which waits for `a` and `b`.
    init(
        _ tasks: String...,
        policies: [String: RetryPolicy] = [:],
        origins: [String: TaskOrigin] = [:],
        traits: [String: NodeTraits] = [:],
        containers: [String: String] = [:],
        preparations: [String: Preparation] = [:],
        limit: Int = 0,
        lookahead: Int = 0,
        settings: SchedulerSettings? = nil
    ) {
        let settings = settings ?? SchedulerSettings(concurrency: limit, lookahead: lookahead)
        let graph = TaskGraph(
            tasks.map { task in
                let words = task.split(separator: " ").map(String.init)
                return (words[0], Array(words.dropFirst(2)))
            }
        )
        scheduler = Scheduler(
            NodePlan(
                graph,
                traits: TraitsTable(
                    graph.names.map { name in
                        var own = traits[name] ?? NodeTraits()
                        if let policy = policies[name] { own.policy = policy }
                        return own
                    }
                ),
                origins: graph.names.map { origins[$0] ?? .fresh },
                containers: graph.names.map { name in containers[name].map { Int32(graph.number(of: $0)) } ?? -1 },
                preparations: Dictionary(uniqueKeysWithValues: preparations.map { (graph.number(of: $0), $1) })
            ),
            settings: settings
        )
        names = graph.names
    }

    var outcome: RunOutcome { scheduler.outcome(names) }

    mutating func begin() -> [String] { handle(.begin) }
    mutating func abort() -> [String] { handle(.abort) }
    mutating func held(_ task: String) -> [String] { handle(.held(number(task))) }
    mutating func returned(_ task: String) -> [String] { handle(.returned(number(task))) }
    mutating func started(_ task: String) -> [String] { handle(.started(number(task))) }
    mutating func overran(_ task: String, attempt: Int) -> [String] {
        handle(.elapsed(.limit(number(task), attempt: attempt)))
    }
    mutating func elapsed(_ task: String) -> [String] { handle(.elapsed(.backoff(number(task)))) }
    mutating func elapsed(_ timer: SchedulerTimer) -> [String] { handle(.elapsed(timer)) }

    mutating func ended(_ task: String, _ outcome: AttemptOutcome) -> [String] {
        handle(.ended(number(task), outcome))
    }

    /// Answers what was asked about a node.
    mutating func prepared(
        _ task: String,
        _ decision: Preparation.Decision,
        because reason: String? = nil
    ) -> [String] {
        let preparation = Preparation(decision, because: reason, record: JSONText(rawValue: "{}"))
        // What is asked for out of turn has no effect, and no members then.
        if case .expand(let plan) = decision { names += plan.graph.names.map { "\(task)[\($0)]" } }
        let actions = handle(.prepared(number(task), preparation))
        names.removeLast(names.count - scheduler.count)
        return actions
    }

    /// Hands in several events as one turn.
    mutating func turn(_ events: SchedulerEvent...) -> [String] {
        var actions: [SchedulerAction] = []
        for event in events { scheduler.handle(event, &actions) }
        scheduler.endTurn(&actions)
        return actions.compactMap(text)
    }

    /// The letters of all states, in the order of the tasks.
    var states: String { names.indices.map { scheduler.state(of: $0).rawValue }.joined() }

    func number(_ task: String) -> Int { names.firstIndex(of: task)! }

    mutating func handle(_ event: SchedulerEvent) -> [String] {
        scheduler.handle(event).compactMap(text)
    }

    /// An action as text. What people are told, and timers that are not waited for any more, are left out.
    private func text(_ action: SchedulerAction) -> String? {
        switch action {
        case .transition(let step):
            "\(names[step.task]) \(step.from.rawValue)>\(step.to.rawValue) \(step.attempt)"
        case .prepare(let task): "prepare \(names[task])"
        case .record(let task, _): "record \(names[task])"
        case .expanded(let task, let members): "expand \(names[task]) to \(members.count)"
        case .gathered: nil
        case .start(let task, let attempt, .now): "start \(names[task]) \(attempt)"
        case .start(let task, let attempt, .behindAnother): "start \(names[task]) \(attempt) behind"
        case .admit(let task): "admit \(names[task])"
        case .withdraw(let task): "withdraw \(names[task])"
        case .cancel(let task, .abort): "cancel \(names[task])"
        case .cancel(let task, .overrun(let limit)): "cancel \(names[task]) after \(limit)"
        case .kill(let task, let reason): "kill \(names[task]) \(reason)"
        case .wake(.limit(let task, let attempt), let limit): "limit \(names[task]) \(attempt) \(limit)"
        case .wake(.backoff(let task), let pause): "back off \(names[task]) \(pause)"
        case .wake(.limitGrace(let task, _), let grace): "grace of \(names[task]) \(grace)"
        case .wake(.abortGrace, let grace): "grace \(grace)"
        case .wake(.runLimit, let limit): "limit \(limit)"
        case .wakeAtRandom(.backoff(let task), let pause): "back off \(names[task]) \(pause)"
        case .forget, .announce, .announceFailures, .wakeAtRandom: nil
        case .finish: "finish"
        }
    }
}

extension TaskGraph {
    func number(of name: String) -> Int { names.firstIndex(of: name)! }
}
