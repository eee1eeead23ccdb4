import OrderedCollections

/// The items that the tasks of a group run for, each with the key that names its task.
///
/// A pure value. Combinations are made when they are asked for: a million of them take no more room than their keys.
package struct ItemList: Sendable {
    /// The keys in the order of the items; all are different.
    package let keys: [String]
    private let content: Content

    private enum Content: Sendable {
        case list([ParameterValue])
        /// All combinations; the last list varies fastest.
        case combinations(OrderedDictionary<String, [ParameterValue]>)
    }

    package var count: Int { keys.count }

    /// The items as a list, or as a mapping of lists.
    package var value: ParameterValue {
        switch content {
        case .list(let items): .array(items)
        case .combinations(let lists): .object(lists.mapValues(ParameterValue.array))
        }
    }

    /// The item at a position, from 0: that of a list, or a mapping with a value of each list.
    package subscript(position: Int) -> ParameterValue {
        switch content {
        case .list(let items): items[position]
        case .combinations(let lists): .object(Self.combination(position, of: lists))
        }
    }

    /// Returns the position of an item whose key contains a secret, though names are shown everywhere; `nil` if there is none.
    package func firstPosition(showing secrets: Set<String>) -> Int? {
        let lines = secrets.flatMap(SecretText.lines).map { ItemName.encoded($0) }
        guard !lines.isEmpty else { return nil }
        return keys.firstIndex { key in lines.contains { key.contains($0) } }
    }

    /// Makes the items of a group.
    ///
    /// - Parameters:
    ///   - value: A list, a mapping of lists, or JSON text of one of these, without variables.
    ///   - field: The field of an item that is its key; `nil` if items name themselves.
    package static func items(of value: ParameterValue, key field: String? = nil) throws(ItemsError) -> ItemList {
        switch value {
        case .array(let items):
            return try list(items, key: field)
        case .object(let members):
            return try combinations(of: members, key: field)
        case .string(let text):
            switch ParameterValue(json: JSONText(rawValue: text)) {
            case .array(let items)?: return try list(items, key: field)
            case .object(let members)?: return try combinations(of: members, key: field)
            case let other?: throw ItemsError(.notItems(.init(other)))
            case nil: throw ItemsError(.notJSON)
            }
        case .null, .bool, .int, .double, .template:
            throw ItemsError(.notItems(.init(value)))
        }
    }

    // MARK: A list

    private static func list(_ items: [ParameterValue], key field: String?) throws(ItemsError) -> ItemList {
        try checkCount(items.count)
        var keys: [String] = []
        keys.reserveCapacity(items.count)
        var namesItself = field != nil
        for (position, item) in items.enumerated() {
            if let field {
                keys.append(ItemName.encoded(try text(of: field, in: item, position)))
            } else if let text = item.ownKey {
                guard !text.isEmpty else { throw ItemsError(.emptyKey(position, field: nil), at: [.index(position)]) }
                keys.append(ItemName.encoded(text))
                namesItself = true
            } else {
                keys.append(String(position))
            }
        }
        // Numbers of places are different by themselves.
        if namesItself, let (first, second) = firstDouble(keys) {
            throw ItemsError(.doubleKey(keys[second], first, second), at: [.index(second)])
        }
        return ItemList(keys: keys, content: .list(items))
    }

    private static func text(
        of field: String,
        in item: ParameterValue,
        _ position: Int
    ) throws(ItemsError) -> String {
        let problem: ItemsError.Problem
        switch item {
        case .object(let members):
            switch members[field] {
            case let value?:
                guard let text = value.ownKey else {
                    problem = .unusableKey(position, field: field, .init(value))
                    break
                }
                if !text.isEmpty { return text }
                problem = .emptyKey(position, field: field)
            case nil:
                problem = .missingKey(position, field: field, known: Array(members.keys.prefix(12)))
            }
        default:
            problem = .noFields(position, field: field, .init(item))
        }
        throw ItemsError(problem, at: [.index(position)])
    }

    private static func checkCount(_ count: Int) throws(ItemsError) {
        if count > ForEach.maximumCount { throw ItemsError(.tooMany(count)) }
    }

    /// The positions of the first two keys that are equal.
    private static func firstDouble(_ keys: [String]) -> (first: Int, second: Int)? {
        var seen = Set<String>(minimumCapacity: keys.count)
        for (position, key) in keys.enumerated() where !seen.insert(key).inserted {
            return keys.firstIndex(of: key).map { ($0, position) }
        }
        return nil
    }

    // MARK: Combinations

    private static func combinations(
        of members: OrderedDictionary<String, ParameterValue>,
        key field: String?
    ) throws(ItemsError) -> ItemList {
        guard !members.isEmpty else { throw ItemsError(.noLists) }
        var lists: OrderedDictionary<String, [ParameterValue]> = [:]
        for (name, value) in members {
            switch value {
            case .array(let items):
                lists[name] = items
            case .string(let text):
                guard case .array(let items)? = ParameterValue(json: JSONText(rawValue: text)) else { fallthrough }
                lists[name] = items
            default:
                throw ItemsError(.notList(name, .init(value)), at: [.key(name)])
            }
        }
        guard !lists.values.contains(where: \.isEmpty) else { return ItemList(keys: [], content: .list([])) }
        var count = 1
        for items in lists.values {
            let (product, overflow) = count.multipliedReportingOverflow(by: items.count)
            guard !overflow else { throw ItemsError(.tooMany(nil)) }
            count = product
        }
        try checkCount(count)
        let keys = if let field { try keys(of: lists, count, field) } else { try keys(of: lists) }
        return ItemList(keys: keys, content: .combinations(lists))
    }

    /// Joins the keys of all combinations.
    private static func keys(
        of lists: OrderedDictionary<String, [ParameterValue]>
    ) throws(ItemsError) -> [String] {
        var keys = [""]
        for (number, (name, items)) in lists.enumerated() {
            let parts = try parts(of: items, in: name)
            var longer: [String] = []
            longer.reserveCapacity(keys.count * parts.count)
            for key in keys {
                for part in parts { longer.append(number == 0 ? part : "\(key),\(part)") }
            }
            keys = longer
        }
        return keys
    }

    /// The keys of one list's items, in which a comma would stand between those of two lists.
    private static func parts(of items: [ParameterValue], in name: String) throws(ItemsError) -> [String] {
        var parts: [String] = []
        for (position, item) in items.enumerated() {
            let text = item.ownKey ?? String(position)
            let steps: [ParameterPath.Component] = [.key(name), .index(position)]
            guard !text.isEmpty else { throw ItemsError(.emptyKey(position, field: nil), at: steps) }
            parts.append(ItemName.encoded(text, isPart: true))
        }
        if let (first, second) = firstDouble(parts) {
            throw ItemsError(.doubleKey(parts[second], first, second), at: [.key(name), .index(second)])
        }
        return parts
    }

    private static func keys(
        of lists: OrderedDictionary<String, [ParameterValue]>,
        _ count: Int,
        _ field: String
    ) throws(ItemsError) -> [String] {
        var keys: [String] = []
        keys.reserveCapacity(count)
        for position in 0..<count {
            do {
                let item = ParameterValue.object(combination(position, of: lists))
                keys.append(ItemName.encoded(try text(of: field, in: item, position)))
            } catch {
                // A combination stands nowhere in a file.
                throw ItemsError(error.problem)
            }
        }
        if let (first, second) = firstDouble(keys) {
            throw ItemsError(.doubleKey(keys[second], first, second))
        }
        return keys
    }

    private static func combination(
        _ position: Int,
        of lists: OrderedDictionary<String, [ParameterValue]>
    ) -> OrderedDictionary<String, ParameterValue> {
        var rest = position
        var members = lists.mapValues { _ in ParameterValue.null }
        for index in lists.values.indices.reversed() {
            let items = lists.values[index]
            members.values[index] = items[rest % items.count]
            rest /= items.count
        }
        return members
    }
}

extension ParameterValue {
    /// The text by which an item names itself; `nil` if it cannot.
    fileprivate var ownKey: String? {
        switch self {
        case .string, .int, .double, .bool: scalarText
        case .null, .array, .object, .template: nil
        }
    }
}
