import FlowmancerCore
import TestSupport

/// Makes up nodes: tasks and groups, in an order that has no cycles.
struct RandomPlan {
    private let palette: [NodeTraits]
    private let groupPalette: [NodeTraits]
    private let density: Int

    /// - Parameter isPlain: Whether it is a job as files describe them today: no groups, and nothing that groups are for.
    init(isPlain: Bool, resources: [Resource], _ random: inout SeededGenerator) {
        density = Int.random(in: 0...25, using: &random)
        palette = (0..<Int.random(in: 1...6, using: &random)).map { _ in
            Self.traits(isPlain: isPlain, resources, &random)
        }
        groupPalette =
            isPlain
            ? []
            : (0..<3).map { _ in
                var traits = Self.traits(isPlain: false, [], &random)
                traits.isPrepared = random.chance(60)
                traits.group = GroupTraits(
                    random.chance(60) ? .items : .job,
                    concurrency: Self.concurrency(&random),
                    maxFailures: random.chance(20) ? Int.random(in: 1...3, using: &random) : nil
                )
                return traits
            }
    }

    private static func concurrency(_ random: inout SeededGenerator) -> GroupTraits.Concurrency? {
        let most = Int.random(in: 1...3, using: &random)
        return random.chance(40) ? .attempts(most) : random.chance(40) ? .members(most) : nil
    }

    private static func traits(
        isPlain: Bool,
        _ resources: [Resource],
        _ random: inout SeededGenerator
    ) -> NodeTraits {
        var traits = NodeTraits(
            policy: RetryPolicy(
                maxAttempts: Int.random(in: 1...4, using: &random),
                maxLosses: Int.random(in: 0...2, using: &random),
                backoff: Backoff(
                    first: random.chance(40) ? .milliseconds(Int.random(in: 1...9, using: &random)) : .zero,
                    factor: random.chance(50) ? 1 : 2,
                    jitter: random.chance(50) ? 0 : 0.5
                ),
                causes: random.chance(20) ? [random.chance(50) ? .error : .crash, .timeout] : nil,
                timeout: random.chance(40) ? .limited(to: .seconds(Int.random(in: 1...9, using: &random))) : .unlimited
            )
        )
        guard !isPlain else { return traits }
        if random.chance(50) { traits.rule = .allCases.randomElement(using: &random)! }
        traits.allowsFailure = random.chance(20)
        traits.isPrepared = random.chance(20)
        if random.chance(30) { traits.priority = Int.random(in: -1...1, using: &random) }
        let attempts = Int.random(in: 1...2, using: &random)
        traits.demand = ResourceDemand(
            byAttempt: (0..<attempts).map { _ in
                resources.indices.filter { _ in random.chance(50) }.map { number in
                    let more = random.chance(3) ? 1 : 0
                    return ResourceAmount(number, Int.random(in: 0...resources[number].amount, using: &random) + more)
                }
            }
        )
        return traits
    }

    /// Makes up nodes. Those of groups are among them, or come later, when the group is prepared.
    ///
    /// - Parameter isLimited: Whether they are members of a group that limits how many of them are under way.
    func nodes(
        _ count: Int,
        depth: Int = 0,
        completed: Int = 0,
        isLimited: Bool = false,
        _ random: inout SeededGenerator
    ) -> NodePlan {
        var edges: [(dependencies: [Int], group: Int?)] = []
        var traits: [NodeTraits] = []
        // Nodes come in the order in which they may run, members right behind their group.
        var open: [(group: Int, left: Int)] = []
        while edges.count < count {
            while let last = open.last, last.left == 0 { open.removeLast() }
            if !open.isEmpty { open[open.count - 1].left -= 1 }
            let node = edges.count
            let around = Set(open.map(\.group))
            // What is in one of several members does not wait for the others: these may only begin after it.
            let limited = isLimited ? 0 : open.firstIndex { limitsMembers(traits[$0.group]) }.map { $0 + 1 }
            let begin = limited.map { $0 < open.count ? open[$0].group : node } ?? 0
            edges.append(
                ((begin..<node).filter { !around.contains($0) && random.chance(density) }, open.last?.group)
            )
            if !groupPalette.isEmpty, random.chance(20), depth + open.count < 3 {
                traits.append(groupPalette.randomElement(using: &random)!)
                open.append((node, Int.random(in: 0...5, using: &random)))
            } else {
                traits.append(palette.randomElement(using: &random)!)
            }
        }
        let order = Array(0..<count).shuffled(using: &random)
        let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
        let graph = TaskGraph(order.map { node in ("n\(node)", edges[node].dependencies.map { "n\($0)" }) })
        let containers = order.map { node in edges[node].group.map { Int32(places[$0]!) } ?? -1 }
        return NodePlan(
            graph,
            traits: TraitsTable(order.map { traits[$0] }),
            origins: order.map { node in
                guard random.chance(completed) else { return .fresh }
                if traits[node].allowsFailure, random.chance(40) { return .failed }
                return random.chance(50) ? .completed : .skipped
            },
            containers: containers
        )
    }

    private func limitsMembers(_ traits: NodeTraits) -> Bool {
        if case .members? = traits.group?.concurrency { true } else { false }
    }

    /// Makes up what is found out about a node.
    func preparation(of traits: NodeTraits, depth: Int, _ random: inout SeededGenerator) -> Preparation {
        let decision: Preparation.Decision =
            switch Int.random(in: 0..<100, using: &random) {
            case ..<10: .skip
            case ..<15: .complete
            case ..<20: .fail
            case ..<60 where traits.group != nil && depth < 3:
                .expand(
                    nodes(
                        Int.random(in: 0...8, using: &random),
                        depth: depth + 1,
                        completed: 5,
                        isLimited: limitsMembers(traits),
                        &random
                    )
                )
            default: .run
            }
        return Preparation(decision, because: "chance", record: JSONText(rawValue: "\(depth)"))
    }
}
