import OrderedCollections

/// The traits of many nodes. Equal ones are kept once: a million tasks of a job usually have a handful.
package struct TraitsTable: Sendable, Hashable {
    private(set) var values: [NodeTraits] = []
    private(set) var numbers: [UInt32] = []
    private var known: [NodeTraits: UInt32] = [:]

    package init() {}

    /// - Parameter traits: Those of every node, in order.
    package init(_ traits: some Sequence<NodeTraits>) {
        reserveCapacity(traits.underestimatedCount)
        for traits in traits { append(traits) }
    }

    package init(repeating traits: NodeTraits, count: Int) {
        values = [traits]
        known = [traits: 0]
        numbers = Array(repeating: 0, count: count)
    }

    package var count: Int { numbers.count }

    private mutating func reserveCapacity(_ count: Int) { numbers.reserveCapacity(count) }

    /// Adds the traits of a node.
    package mutating func append(_ traits: NodeTraits) {
        if let last = numbers.last, values[Int(last)] == traits { return numbers.append(last) }
        numbers.append(number(of: traits))
    }

    /// Adds those of other nodes.
    mutating func append(contentsOf other: TraitsTable) {
        let translation = other.values.map { number(of: $0) }
        numbers.append(contentsOf: other.numbers.lazy.map { translation[Int($0)] })
    }

    private mutating func number(of traits: NodeTraits) -> UInt32 {
        if let number = known[traits] { return number }
        let number = UInt32(values.count)
        values.append(traits)
        known[traits] = number
        return number
    }

    /// The traits of a node.
    package subscript(node: Int) -> NodeTraits {
        _read { yield values[Int(numbers[node])] }
    }
}

extension TraitsTable {
    private struct Demand: Hashable {
        let requests: OrderedDictionary<String, ResourceRequest>
        let isElsewhere: Bool
    }

    /// Those of a job's tasks.
    ///
    /// - Parameter resources: What the tasks ask for.
    package init(_ job: JobDefinition, _ resources: ResourceTable) {
        let priorities = job.priorities
        let timeout = job.configuration.taskTimeout
        let usesExecutors = job.usesExecutors
        var known: [Demand: ResourceDemand] = [:]
        self.init()
        reserveCapacity(job.tasks.count)
        job.tasks.values.withUnsafeBufferPointer { tasks in
            for number in tasks.indices {
                // Most tasks are like the one before, which is quickly seen of those without rare settings.
                if number > 0, priorities == nil, tasks[number].hasSameTraits(as: tasks[number - 1]) {
                    numbers.append(numbers[number - 1])
                    continue
                }
                var demand = ResourceDemand()
                let requests = tasks[number].resources
                let runsElsewhere = usesExecutors && job.runsElsewhere(tasks[number])
                if !requests.isEmpty {
                    let key = Demand(requests: requests, isElsewhere: runsElsewhere)
                    demand = known[key] ?? resources.demand(for: requests, elsewhere: runsElsewhere)
                    known[key] = demand
                }
                append(
                    NodeTraits(
                        tasks[number],
                        as: .task,
                        defaultTimeout: timeout,
                        demand: demand,
                        runsElsewhere: runsElsewhere,
                        priority: priorities?[number] ?? 0
                    )
                )
            }
        }
    }
}

extension TaskDefinition {
    /// Whether the traits of two tasks are the same for certain.
    fileprivate func hasSameTraits(as other: TaskDefinition) -> Bool {
        !hasVariables && !other.hasVariables && !hasRareSettings && !other.hasRareSettings
            && maxAttempts == other.maxAttempts && runIf == other.runIf && allowsFailure == other.allowsFailure
    }
}
