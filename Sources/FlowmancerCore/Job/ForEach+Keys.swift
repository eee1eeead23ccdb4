import OrderedCollections

/// The items of a group in a job file: the items alone, or a mapping that has `items` in it.
extension ForEach: CustomParameter {
    package static var expectation: String {
        "a list, a mapping of lists (for all combinations), a variable, or a mapping with 'items' in it"
    }

    package static var typeDescription: TypeDescription {
        let list = TypeDescription.either([.list(.any, isSet: false), .text])
        return .worded(
            .either([list, .mapping(key: .text, value: list), .group(description)]),
            expectation: expectation
        )
    }

    /// The keys of the long form.
    package static let itemsKey = "items"
    private static let keyKey = "key"
    private static let maxConcurrencyKey = "max_concurrency"
    private static let maxFailuresKey = "max_failures"
    private static let keys = [itemsKey, keyKey, maxConcurrencyKey, maxFailuresKey]

    private static var description: GroupDescription {
        func parameter(
            _ key: String,
            _ type: TypeDescription,
            _ help: String,
            _ presence: ParameterDescription.Presence = .optional(default: .null)
        ) -> ParameterDescription {
            ParameterDescription(key: key, propertyName: key, help: help, type: type, presence: presence)
        }
        return GroupDescription(
            typeName: "FlowmancerCore.ForEach",
            abstract: "The items for each of which a task runs.",
            parameters: [
                parameter(
                    itemsKey,
                    .any,
                    "A list, a mapping of lists for all combinations, JSON text of one of these, or a variable.",
                    .required
                ),
                parameter(keyKey, .text, "The field of an item that names its task."),
                parameter(
                    maxConcurrencyKey,
                    .integer(minimum: 1, maximum: nil),
                    "The maximum number of the group's tasks that run at the same time."
                ),
                parameter(
                    maxFailuresKey,
                    FailureLimit.typeDescription,
                    "After this many failed tasks of the group, no other of it starts; none for no limit."
                ),
            ]
        )
    }

    package var describedValue: ParameterValue? {
        var members: OrderedDictionary<String, ParameterValue> = [Self.itemsKey: items]
        if let key { members[Self.keyKey] = .string(key) }
        if let maxConcurrency { members[Self.maxConcurrencyKey] = .int(maxConcurrency) }
        if let maxFailures { members[Self.maxFailuresKey] = .int(maxFailures) }
        if members.count > 1 { return .object(members) }
        // A mapping of lists, one of which is called like the key, would be read as the long form.
        if case .object(let lists) = items, lists[Self.itemsKey] != nil { return .object(members) }
        return items
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> ForEach? {
        guard case .object(let members) = value, let items = members[itemsKey] else {
            return checkedItems(value, at: path, issues: &issues).map { ForEach($0) }
        }
        guard var result = checkedItems(items, at: path.appending(itemsKey), issues: &issues).map({ ForEach($0) })
        else {
            return nil
        }
        for (key, value) in members where key != itemsKey {
            let path = path.appending(key)
            switch key {
            case keyKey:
                if case .string(let text) = value, !text.isEmpty {
                    result.key = text
                } else {
                    issues.append(.wrongValue(value, expected: "the name of a field (text)", at: path))
                }
            case maxConcurrencyKey:
                if let count = Int(scalar: value), count >= 1 {
                    result.maxConcurrency = count
                } else {
                    issues.append(.wrongValue(value, expected: atLeastOne, at: path))
                }
            case maxFailuresKey:
                if let limit = FailureLimit.convert(value, at: path, issues: &issues) {
                    result.maxFailures = limit.count
                }
            default:
                issues.append(JobIssue(.unknownKey(key, known: keys), at: path))
            }
        }
        return result
    }

    private static let atLeastOne = "a number of at least 1"

    /// Only whether there are any: more is found out about them when the job is checked.
    private static func checkedItems(
        _ value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> ParameterValue? {
        switch value {
        case .array, .object, .string, .template: return value
        case .null, .bool, .int, .double:
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
    }
}

extension ForEach: JobKeyValue {
    // The items may be known in the run only.
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> ForEach? {
        convert(value, at: path, issues: &issues)
    }

    func written(at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) -> ParameterValue {
        describedValue ?? items
    }

    /// What is wrong with the limits of a group that was made in code.
    var fault: JobIssue.Problem? {
        for limit in [maxConcurrency, maxFailures] {
            if let limit, limit < 1 {
                return .wrongValue(expected: "limits of at least 1", found: ParameterValue.int(limit).description)
            }
        }
        return nil
    }
}
