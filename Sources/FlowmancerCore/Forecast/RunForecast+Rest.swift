package import struct FoundationEssentials.Date

extension RunForecast {
    /// Where a task of a run that is under way stands.
    package enum Standing: Sendable, Hashable {
        case waiting
        /// An attempt runs since then; `nil` if that is not on record.
        case running(since: Date?)
        case ended
    }

    /// What is known of the rest of a run.
    package enum Rest: Sendable, Hashable {
        case expected(RunForecast)
        /// By the past, the run would be over, or a task is late by more than what is left: nobody knows when it ends.
        case overdue
        /// Of a task that is still to run, nothing is known.
        case unknown

        /// The forecast, if there is one.
        package var forecast: RunForecast? { if case .expected(let forecast) = self { forecast } else { nil } }
    }

    /// A forecast of a larger run would take too long.
    private static let largestRun = 50_000
    /// A task that is late by less than this says nothing about the forecast.
    private static let patience = Duration.seconds(2)

    /// Foretells the rest of a run that is under way.
    ///
    /// What is on record does not say what groups and resources let run at once. So no more run at once than in the past.
    ///
    /// - Parameters:
    ///   - concurrency: How many tasks may run at once; unlimited if 0 or less.
    ///   - standing: Returns where a task, or a group that ended without members, stands.
    package static func rest(
        of nodes: RunNodes,
        _ durations: TaskDurations,
        concurrency: Int = 0,
        at now: Date,
        standing: (Int) -> Standing
    ) -> Rest {
        guard !durations.isEmpty, nodes.count <= largestRun else { return .unknown }
        var run = OpenRunSimulation(nodes, durations, at: now, standing: standing)
        guard run.isKnown else { return .unknown }
        let running = run.running.count
        let peak = max(durations.peak, running)
        let limit = concurrency > 0 ? max(running, min(concurrency, peak)) : peak
        let simulation = RunSimulation.of(&run, run.plan, concurrency: limit)
        guard simulation.time > .zero, run.delay <= max(patience, simulation.time) else {
            return .overdue
        }
        var chain = LongestChain(
            count: run.nodes.count,
            dependencies: { [run] in run.dependencies[$0] },
            group: { [run] in run.nodes[$0].group }
        )
        for task in simulation.ended { chain.add(task, run.expected[task] == .zero ? nil : run.expected[task]) }
        return .expected(
            RunForecast(
                duration: simulation.time,
                longestWay: chain.tasks.map { Step(task: run.nodes[$0].name, duration: run.expected[$0]) },
                unknown: [],
                knownCount: simulation.ended.count
            )
        )
    }

    /// Foretells the rest of a kept run that is under way.
    package static func rest(of run: RunDigest, _ durations: TaskDurations, at now: Date) -> Rest {
        guard run.conclusion == nil else { return .overdue }
        return rest(of: run.nodes, durations, at: now) { node in
            // A group whose members are expected is not one of the run's nodes so far.
            guard run.tasks.indices.contains(node) else { return .waiting }
            let task = run.tasks[node]
            if task.state.isFinal { return .ended }
            return task.state == .running ? .running(since: task.attempts.last?.start) : .waiting
        }
    }
}

/// The rest of a run that is under way.
private struct OpenRunSimulation: SimulatedRun {
    /// The tasks and groups of the run, with those that groups are expected to have.
    private(set) var nodes: RunNodes
    let dependencies: [[Int]]
    /// For each task how long it still takes.
    private(set) var expected: [Duration] = []
    /// Whether something is known of everything that is still to run.
    private(set) var isKnown = true
    private(set) var running: Set<Int> = []
    /// How much longer than expected a task has been running.
    private(set) var delay = Duration.zero
    private var standings: [RunForecast.Standing] = []

    init(
        _ nodes: RunNodes,
        _ durations: TaskDurations,
        at now: Date,
        standing: (Int) -> RunForecast.Standing
    ) {
        self.nodes = nodes
        standings = nodes.indices.map(standing)
        let groups = Set(nodes.indices.compactMap { nodes[$0].group })
        for node in nodes.indices where nodes[node].isGroup && !groups.contains(node) && standings[node] != .ended {
            let members = durations.members(of: nodes[node].name)
            if members.isEmpty { isKnown = false }
            for member in members { self.nodes.number(of: member) }
        }
        dependencies = self.nodes.dependencies()
        standings += repeatElement(.waiting, count: self.nodes.count - standings.count)
        expected = Array(repeating: .zero, count: self.nodes.count)
        for node in self.nodes.indices where !self.nodes[node].isGroup && standings[node] != .ended {
            guard let duration = durations.duration(of: self.nodes[node].name) else {
                isKnown = false
                continue
            }
            expected[node] = duration
            guard case .running(let start) = standings[node] else { continue }
            running.insert(node)
            let elapsed = Duration.seconds(start.map { max(0, now.timeIntervalSince($0)) } ?? 0)
            expected[node] = max(.zero, duration - elapsed)
            delay = max(delay, elapsed - duration)
        }
    }

    /// The nodes for the scheduler. What ended counts as completed: what it kept from running has ended, too.
    var plan: NodePlan {
        var dependents = [[Int]](repeating: [], count: nodes.count)
        for (node, awaited) in dependencies.enumerated() { for other in awaited { dependents[other].append(node) } }
        let graph = TaskGraph(
            names: nodes.indices.map { nodes[$0].name },
            dependencies: dependencies,
            dependents: dependents
        )
        let traits = nodes.indices.map { node in
            // What runs has its place already.
            nodes[node].isGroup
                ? NodeTraits(group: GroupTraits(.items)) : NodeTraits(priority: running.contains(node) ? 1 : 0)
        }
        return NodePlan(
            graph,
            traits: TraitsTable(traits),
            origins: standings.map { $0 == .ended ? .completed : .fresh },
            containers: nodes.indices.contains { nodes[$0].group != nil }
                ? nodes.indices.map { Int32(nodes[$0].group ?? -1) } : []
        )
    }

    func duration(of task: Int) -> Duration { expected[task] }

    func prepare(_ node: Int) -> Preparation { Preparation(.run, record: JSONText(rawValue: "{}")) }

    func expand(_ group: Int) {}
}
