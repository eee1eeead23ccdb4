import OrderedCollections

/// `resources` of a task: what its attempts ask for, by the names of resources.
struct ResourceRequests: JobKeyValue, Hashable {
    var values: OrderedDictionary<String, ResourceRequest> = [:]
}

extension ResourceRequests: CustomParameter {
    static let expectation = "a mapping of resources to amounts, such as {db: 1, memory: 2G}"
    private static let form = "\(ResourceAmountText.expectation); or a list of them for attempt 1, 2, …"

    static var typeDescription: TypeDescription {
        let amount = TypeDescription.either([.integer(minimum: 1, maximum: nil), .text])
        let value = TypeDescription.either([amount, .list(amount, isSet: false)])
        return .worded(.mapping(key: .text, value: .worded(value, expectation: form)), expectation: expectation)
    }

    var describedValue: ParameterValue? {
        .object(
            values.mapValues { request in
                if let open = request.open { return open }
                let amounts = request.amounts.map(ResourceAmountText.written)
                return amounts.count == 1 ? amounts[0] : .array(amounts)
            }
        )
    }

    /// What is known in the run only is no parameter's value yet, so the rules of these do not hold.
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        convert(value, at: path, issues: &issues)
    }

    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .object(let members) = value else {
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
        var result = ResourceRequests()
        for (name, member) in members {
            if member.isOpen {
                result.values[name] = ResourceRequest(member)
            } else if let amounts = amounts(member, at: path.appending(name), issues: &issues) {
                result.values[name] = ResourceRequest(byAttempt: amounts)
            }
        }
        return result
    }

    /// Reads what attempt 1, 2, … asks for; `nil` if it is none of that.
    static func amounts(_ value: ParameterValue) -> [Int]? {
        var issues: [JobIssue] = []
        return amounts(value, at: ParameterPath(), issues: &issues)
    }

    private static func amounts(
        _ value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> [Int]? {
        guard case .array(let items) = value else {
            if let amount = ResourceAmountText.amount(value) { return [amount] }
            issues.append(.wrongValue(value, expected: form, at: path))
            return nil
        }
        guard !items.isEmpty else {
            issues.append(JobIssue(.empty(expected: form), at: path))
            return nil
        }
        var amounts: [Int] = []
        for (index, item) in items.enumerated() {
            if let amount = ResourceAmountText.amount(item) {
                amounts.append(amount)
            } else {
                issues.append(
                    .wrongValue(item, expected: ResourceAmountText.expectation, at: path.appending(index))
                )
            }
        }
        return amounts.count == items.count ? amounts : nil
    }
}

/// `resources` in `config`: what there is, by name.
struct ResourceSupplies: JobKeyValue, Hashable {
    var values: OrderedDictionary<String, ResourceSupply> = [:]
}

extension ResourceSupplies: CustomParameter {
    static let expectation = "a mapping of resources to amounts, or to lists of units, such as {db: 2, licence: [a, b]}"
    private static let form = "\(ResourceAmountText.expectation); or a list of the names of its units"

    static var typeDescription: TypeDescription {
        let unit = TypeDescription.either([.text, .integer(minimum: nil, maximum: nil)])
        let value = TypeDescription.either([
            .integer(minimum: 1, maximum: nil), .text, .list(unit, isSet: false),
        ])
        return .worded(.mapping(key: .text, value: .worded(value, expectation: form)), expectation: expectation)
    }

    var describedValue: ParameterValue? {
        .object(
            values.mapValues { supply in
                switch supply {
                case .amount(let amount): ResourceAmountText.written(amount)
                case .units(let units): .array(units.map(ParameterValue.string))
                }
            }
        )
    }

    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        guard case .object(let members) = value else {
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
        var result = ResourceSupplies()
        for (name, member) in members {
            if let supply = supply(member, at: path.appending(name), issues: &issues) { result.values[name] = supply }
        }
        return result
    }

    private static func supply(
        _ value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> ResourceSupply? {
        guard case .array(let items) = value else {
            if let amount = ResourceAmountText.amount(value) { return .amount(amount) }
            issues.append(.wrongValue(value, expected: form, at: path))
            return nil
        }
        var units: [String] = []
        for (index, item) in items.enumerated() {
            switch item {
            case .string(let name): units.append(name)
            // A graphics processor is called 0.
            case .int(let number): units.append("\(number)")
            default: issues.append(.wrongValue(item, expected: "the name of a unit", at: path.appending(index)))
            }
        }
        return units.count == items.count ? .units(units) : nil
    }
}

extension TaskDefinition {
    var resourceRequests: ResourceRequests {
        get { ResourceRequests(values: resources) }
        set { resources = newValue.values }
    }
}

extension JobConfiguration {
    var resourceSupplies: ResourceSupplies {
        get { ResourceSupplies(values: resources) }
        set { resources = newValue.values }
    }
}
