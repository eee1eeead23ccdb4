extension JobValidator {
    /// Checks what the job has.
    mutating func checkSupplies() {
        var owners: [String: String] = [:]
        for (name, supply) in job.configuration.resources {
            let path = ParameterPath("config", "resources").appending(name)
            if name.isEmpty { report(.unsafeName(name, reason: "a resource needs a name"), at: path) }
            switch supply {
            case .amount(let amount):
                guard amount < 1 else { continue }
                let found = ParameterValue.int(amount).description
                report(.wrongValue(expected: ResourceAmountText.expectation, found: found), at: path)
            case .units(let units):
                check(units, at: path)
                let variable = ResourceUnits.environmentVariable(of: name)
                if let other = owners.updateValue(name, forKey: variable) {
                    let reason =
                        "the units of '\(other)' and '\(name)' would both be told in \(variable); rename one of them"
                    report(.unsafeName(name, reason: reason), at: path)
                }
            }
        }
    }

    private mutating func check(_ units: [String], at path: ParameterPath) {
        if units.isEmpty { report(.empty(expected: "the names of its units, or an amount of at least 1"), at: path) }
        var first: [String: Int] = [:]
        for (index, unit) in units.enumerated() {
            if let reason = ResourceUnits.reasonAgainst(unit) {
                report(.unsafeName(unit, reason: reason), at: path.appending(index))
            } else if let earlier = first[unit] {
                let reason = "the unit '\(unit)' is listed twice, first as [\(earlier)]; remove one of them"
                report(.rejectedValue(reason: reason), at: path.appending(index))
            } else {
                first[unit] = index
            }
        }
    }

    /// Checks what a task asks for.
    mutating func checkResources(of task: TaskDefinition, at path: ParameterPath) {
        // That a sub-job asks for something is an error by itself.
        guard task.subJob == nil else { return }
        for (name, request) in task.resources {
            let place = path.appending(name)
            guard let (supply, owner) = supply(of: name, for: task) else {
                let known = Array(job.configuration.resources.keys)
                report(
                    .unknownResource(name, known: known + HostResources.names.filter { !known.contains($0) }),
                    at: place
                )
                continue
            }
            guard request.open == nil else { continue }
            if request.amounts.isEmpty { report(.empty(expected: ResourceAmountText.expectation), at: place) }
            for (index, amount) in request.amounts.enumerated() {
                let place = request.amounts.count == 1 ? place : place.appending(index)
                if amount < 1 {
                    let found = ParameterValue.int(amount).description
                    report(.wrongValue(expected: ResourceAmountText.expectation, found: found), at: place)
                } else if let supply, amount > supply, supply >= (owner == .job ? 1 : 0) {
                    report(.scarceResource(name, wanted: amount, supply: supply, of: owner), at: place)
                }
            }
        }
    }

    /// How much there is of a resource for a task, as far as that is known; `nil` if there is no such resource.
    private mutating func supply(
        of name: String,
        for task: TaskDefinition
    ) -> (amount: Int?, owner: JobIssue.ResourceOwner)? {
        if let supply = job.configuration.resources[name] { return (supply.amount, .job) }
        guard HostResources.names.contains(name) else { return nil }
        let executor = job.executor(of: task)
        guard executor == JobDefinition.localExecutor else {
            return (capacity(of: executor)?.amount(of: name), .node(executor: executor))
        }
        if knownHost == nil { knownHost = host?() }
        return (knownHost?.supply(of: name)?.amount, .machine)
    }
}
