import FlowmancerCore

/// A scheduler whose tasks have names and whose actions read as text.
struct SchedulerFixture {
    let graph: TaskGraph
    private(set) var scheduler: Scheduler

    /// Creates a scheduler for tasks such as `"a"` or `"c < a b"`, which waits for `a` and `b`.
    init(
        _ tasks: String...,
        policies: [String: RetryPolicy] = [:],
        origins: [String: TaskOrigin] = [:],
        limit: Int = 0,
        lookahead: Int = 0
    ) {
        graph = TaskGraph(
            tasks.map { task in
                let words = task.split(separator: " ").map(String.init)
                return (words[0], Array(words.dropFirst(2)))
            }
        )
        scheduler = Scheduler(
            graph: graph,
            policies: graph.names.map { policies[$0] ?? RetryPolicy() },
            origins: graph.names.map { origins[$0] ?? .fresh },
            limit: limit,
            lookahead: lookahead
        )
    }

    mutating func begin() -> [String] { handle(.begin) }
    mutating func abort() -> [String] { handle(.abort) }
    mutating func held(_ task: String) -> [String] { handle(.held(number(task))) }
    mutating func returned(_ task: String) -> [String] { handle(.returned(number(task))) }
    mutating func started(_ task: String) -> [String] { handle(.started(number(task))) }
    mutating func overran(_ task: String, attempt: Int) -> [String] { handle(.overran(number(task), attempt: attempt)) }
    mutating func elapsed(_ task: String) -> [String] { handle(.backoffElapsed(number(task))) }

    mutating func ended(_ task: String, _ outcome: AttemptOutcome) -> [String] {
        handle(.ended(number(task), outcome))
    }

    /// The letters of all states, in the order of the tasks.
    var states: String { graph.names.indices.map { scheduler.state(of: $0).rawValue }.joined() }

    private func number(_ task: String) -> Int { graph.names.firstIndex(of: task)! }

    private mutating func handle(_ event: SchedulerEvent) -> [String] {
        scheduler.handle(event).map { action in
            switch action {
            case .transition(let task, let from, let to, let attempt):
                "\(graph.names[task]) \(from.rawValue)>\(to.rawValue) \(attempt)"
            case .start(let task, let attempt): "start \(graph.names[task]) \(attempt)"
            case .withdraw(let task): "withdraw \(graph.names[task])"
            case .limit(let task, let attempt, let limit): "limit \(graph.names[task]) \(attempt) \(limit)"
            case .cancel(let task, .abort): "cancel \(graph.names[task])"
            case .cancel(let task, .overrun(let limit)): "cancel \(graph.names[task]) after \(limit)"
            case .backOff(let task, let pause): "back off \(graph.names[task]) \(pause)"
            case .finish: "finish"
            }
        }
    }
}
