import OrderedCollections

/// The resources that the tasks of a job ask for, of the job and of the machine.
package struct ResourceTable: Sendable {
    /// Those that tasks ask for. A demand goes by the position here.
    package private(set) var resources: [Resource] = []
    private var numbers: [String: Int] = [:]

    /// A table for tasks that ask for nothing.
    package init() {}

    /// - Parameter host: Returns what the machine has. It is only asked about what tasks need of it.
    package init(_ job: JobDefinition, host: () -> HostResources) {
        guard job.hasTask(where: { $0.hasRareSettings && !$0.resources.isEmpty }) else { return }
        var machine: HostResources?
        for task in job.tasks.values {
            for name in task.resources.keys where numbers[name] == nil {
                let isOfMachine = job.configuration.resources[name] == nil
                if isOfMachine, job.runsElsewhere(task) { continue }
                if isOfMachine, machine == nil { machine = host() }
                guard let supply = job.configuration.resources[name] ?? machine?.supply(of: name) else { continue }
                numbers[name] = resources.count
                resources.append(Resource(name, supply, isOfMachine: isOfMachine))
            }
        }
    }

    /// What attempts ask for, by the position of each resource.
    ///
    /// - Parameter elsewhere: Whether they run on other machines, which have resources of their own.
    func demand(for requests: OrderedDictionary<String, ResourceRequest>, elsewhere: Bool) -> ResourceDemand {
        guard !requests.isEmpty else { return ResourceDemand() }
        return ResourceDemand(requests) { name in
            numbers[name].flatMap { elsewhere && resources[$0].isOfMachine ? nil : $0 }
        }
    }
}

extension ResourceDemand {
    /// What is known of it in the run only has no part in it.
    ///
    /// - Parameter number: Returns the position of a resource.
    init(_ requests: OrderedDictionary<String, ResourceRequest>, number: (String) -> Int?) {
        let count = requests.values.map(\.amounts.count).max() ?? 0
        self.init(
            byAttempt: (0..<count).map { attempt in
                requests.compactMap { name, request in
                    number(name).map { ResourceAmount($0, request.amount(of: attempt + 1)) }
                }
            }
        )
    }
}

extension Resource {
    fileprivate init(_ name: String, _ supply: ResourceSupply, isOfMachine: Bool) {
        switch supply {
        case .amount(let amount): self.init(name, amount: amount, isOfMachine: isOfMachine)
        case .units(let units): self.init(name, units: units, isOfMachine: isOfMachine)
        }
    }
}

extension JobDefinition {
    /// The priority of every task; `nil` if all have that of a task of which nothing is said.
    var priorities: [Int]? {
        guard hasTask(where: { $0.hasRareSettings && $0.priority != nil }) else { return nil }
        return tasks.values.map { priority(of: $0) }
    }

    /// The priority of a task. One of a job within the job has that of the task that stands for it, if it has none of its own.
    package func priority(of task: TaskDefinition) -> Int {
        var next: TaskDefinition? = task
        while let current = next {
            if let priority = current.priority { return priority }
            next = current.parent.flatMap { tasks[$0] }
        }
        return 0
    }
}
