internal import HeapModule

/// What is free of each resource, and who has the rest.
struct ResourceStock: Sendable {
    private let resources: [Resource]
    private var free: [Int]
    /// The named units that are free. The first ones of the list are taken first.
    private var freeUnits: [Heap<Int>]
    /// The named units that tasks have.
    private var grants: [Int: [Grant]] = [:]

    private struct Grant: Sendable {
        let resource: Int
        let units: [Int]
    }

    init(_ resources: [Resource]) {
        self.resources = resources
        free = resources.map(\.amount)
        freeUnits = resources.map { Heap($0.units.indices) }
    }

    /// The name of a resource of which more is asked for than there is.
    func lack(for amounts: [ResourceAmount]) -> String? {
        amounts.first { $0.amount > resources[$0.resource].amount }.map { resources[$0.resource].name }
    }

    /// Whether so much is free, beyond what is reserved.
    func covers(_ amounts: [ResourceAmount], beyond reserved: [ResourceAmount]) -> Bool {
        amounts.allSatisfy { wanted in
            let kept = reserved.first { $0.resource == wanted.resource }?.amount ?? 0
            return free[wanted.resource] - kept >= wanted.amount
        }
    }

    /// Gives a task all that it asks for.
    mutating func take(_ amounts: [ResourceAmount], for task: Int) {
        for amount in amounts {
            free[amount.resource] -= amount.amount
            guard !resources[amount.resource].units.isEmpty else { continue }
            let units = (0..<amount.amount).map { _ in freeUnits[amount.resource].removeMin() }
            grants[task, default: []].append(Grant(resource: amount.resource, units: units))
        }
    }

    /// Takes back what a task has, which is what it asked for.
    mutating func release(_ amounts: [ResourceAmount], of task: Int) {
        for amount in amounts { free[amount.resource] += amount.amount }
        guard !grants.isEmpty, let grants = grants.removeValue(forKey: task) else { return }
        for grant in grants {
            for unit in grant.units { freeUnits[grant.resource].insert(unit) }
        }
    }

    /// The named units that a task has, by the name of the resource.
    func units(of task: Int) -> [String: [String]] {
        guard !grants.isEmpty, let grants = grants[task] else { return [:] }
        var result: [String: [String]] = [:]
        for grant in grants {
            let resource = resources[grant.resource]
            result[resource.name] = grant.units.map { resource.units[$0] }
        }
        return result
    }
}
