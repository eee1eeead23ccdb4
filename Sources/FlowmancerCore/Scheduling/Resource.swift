/// Something that a job has only so much of. Attempts ask for a part of it.
package struct Resource: Sendable, Hashable {
    package let name: String
    /// How much there is.
    package let amount: Int
    /// The names of its units, if they have names: each attempt is told which it has.
    package let units: [String]
    /// Whether it is one of the machine that runs the engine. Tasks that run on others have no part in it.
    package let isOfMachine: Bool

    package init(_ name: String, amount: Int, isOfMachine: Bool = false) {
        self.name = name
        self.amount = amount
        units = []
        self.isOfMachine = isOfMachine
    }

    package init(_ name: String, units: [String], isOfMachine: Bool = false) {
        self.name = name
        amount = units.count
        self.units = units
        self.isOfMachine = isOfMachine
    }
}

/// A part of a resource, which goes by its position in ``SchedulerSettings/resources``.
package struct ResourceAmount: Sendable, Hashable {
    package let resource: Int
    package let amount: Int

    package init(_ resource: Int, _ amount: Int) {
        self.resource = resource
        self.amount = amount
    }
}

/// What the attempts of a task ask for.
package struct ResourceDemand: Sendable, Hashable {
    private let amounts: [[ResourceAmount]]

    /// - Parameter amounts: What attempt 1, 2, … asks for, each resource once; the last one holds for all that follow.
    package init(_ amounts: [ResourceAmount]...) {
        self.init(byAttempt: amounts)
    }

    package init(byAttempt amounts: [[ResourceAmount]]) {
        self.amounts = amounts.allSatisfy(\.isEmpty) ? [] : amounts.map { $0.filter { $0.amount > 0 } }
    }

    /// What an attempt asks for.
    package func amounts(of attempt: Int) -> [ResourceAmount] {
        amounts.isEmpty ? [] : amounts[min(attempt, amounts.count) - 1]
    }
}
