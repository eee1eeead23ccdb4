internal import HeapModule

/// What is free of each resource, and who has the rest.
struct ResourceStock: Sendable {
    private let resources: [Resource]
    private var free: [Int]
    /// The named units that are free. The first ones of the list are taken first.
    private var freeUnits: [Heap<Int>]
    private var grants: [Int: [Grant]] = [:]

    /// Whether any resource has named units.
    private let hasUnits: Bool

    private struct Grant: Sendable {
        let amount: ResourceAmount
        let units: [Int]
    }

    init(_ resources: [Resource]) {
        self.resources = resources
        hasUnits = resources.contains { !$0.units.isEmpty }
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
        guard !amounts.isEmpty else { return }
        grants[task] = amounts.map { amount in
            free[amount.resource] -= amount.amount
            guard !resources[amount.resource].units.isEmpty else { return Grant(amount: amount, units: []) }
            let units = (0..<amount.amount).map { _ in freeUnits[amount.resource].removeMin() }
            return Grant(amount: amount, units: units)
        }
    }

    /// Takes back what a task has.
    mutating func release(_ task: Int) {
        guard !grants.isEmpty, let grants = grants.removeValue(forKey: task) else { return }
        for grant in grants {
            free[grant.amount.resource] += grant.amount.amount
            for unit in grant.units { freeUnits[grant.amount.resource].insert(unit) }
        }
    }

    /// The named units that a task has, by the name of the resource.
    func units(of task: Int) -> [String: [String]] {
        guard hasUnits, let grants = grants[task] else { return [:] }
        var result: [String: [String]] = [:]
        for grant in grants where !grant.units.isEmpty {
            let resource = resources[grant.amount.resource]
            result[resource.name] = grant.units.map { resource.units[$0] }
        }
        return result
    }
}
