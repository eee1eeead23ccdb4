import HeapModule

/// What a simulated run consists of.
protocol SimulatedRun {
    /// How long an attempt of a task takes.
    func duration(of task: Int) -> Duration
    /// What becomes of a task or group whose rule is met, if it has to be found out in the run.
    mutating func prepare(_ node: Int) -> Preparation
    /// A group got the members that ``prepare(_:)`` named.
    mutating func expand(_ group: Int)
}

/// A run on a clock of its own, in which every attempt succeeds. The ``Scheduler`` decides, so the order, and what may run at
/// once, are those of a real run.
struct RunSimulation {
    private var scheduler: Scheduler
    private var underWay = Heap<End>()
    /// How long the run takes.
    private(set) var time = Duration.zero
    /// The tasks that ran, in the order of their ends.
    private(set) var ended: [Int] = []

    /// The end of an attempt. What ends at the same time ends in the order of the job.
    private struct End: Comparable {
        let time: Duration
        let task: Int

        static func < (lhs: End, rhs: End) -> Bool {
            lhs.time == rhs.time ? lhs.task < rhs.task : lhs.time < rhs.time
        }
    }

    private init(_ plan: NodePlan, _ settings: SchedulerSettings) {
        scheduler = Scheduler(plan, settings: settings)
    }

    /// Simulates a run.
    static func of(
        _ run: inout some SimulatedRun,
        _ plan: NodePlan,
        concurrency: Int,
        resources: [Resource] = []
    ) -> RunSimulation {
        let settings = SchedulerSettings(concurrency: concurrency, resources: resources)
        var simulation = RunSimulation(plan, settings)
        simulation.perform(&run)
        return simulation
    }

    private mutating func perform(_ run: inout some SimulatedRun) {
        var actions: [SchedulerAction] = []
        var turn: [SchedulerEvent] = [.begin]
        while !turn.isEmpty {
            actions.removeAll(keepingCapacity: true)
            for event in turn { scheduler.handle(event, &actions) }
            scheduler.endTurn(&actions)
            turn.removeAll(keepingCapacity: true)
            for action in actions {
                switch action {
                case .start(let task, _, _): underWay.insert(End(time: time + run.duration(of: task), task: task))
                case .prepare(let node): turn.append(.prepared(node, run.prepare(node)))
                case .expanded(let group, _): run.expand(group)
                default: break
                }
            }
            if turn.isEmpty { passTime(&turn) }
        }
    }

    /// Goes on to the next ends.
    private mutating func passTime(_ turn: inout [SchedulerEvent]) {
        guard let first = underWay.min else { return }
        time = first.time
        while let end = underWay.min, end.time == time {
            underWay.removeMin()
            ended.append(end.task)
            turn.append(.ended(end.task, .succeeded))
        }
    }
}
