/// What is stored of the items of a group, beside what else was decided about it.
struct GroupRecord: Sendable {
    /// The items as a list, a mapping of lists, or text.
    let value: ParameterValue
    /// A digest of where the items come from.
    let source: String
    private let items: ItemList
    private let positions: [String: Int]

    /// Reads what was stored; `nil` for a group without recorded items.
    init?(_ record: JSONText) {
        // Most records are of conditions.
        guard record.rawValue.contains(#""items":"#), let members = PreparationRecord(record)?.members,
            let value = members["items"], case .string(let source)? = members["source"]
        else { return nil }
        var key: String?
        if case .string(let text)? = members["key"] { key = text }
        guard let items = try? ItemList.items(of: value, key: key) else { return nil }
        self.value = value
        self.items = items
        self.source = source
        positions = Dictionary(zip(items.keys, items.keys.indices)) { first, _ in first }
    }

    /// The item that a key had.
    subscript(key: String) -> ParameterValue? { positions[key].map { items[$0] } }

    /// The keys of items that a list does not have.
    func keys(missingIn list: ItemList) -> [String] {
        let present = Set(list.keys)
        return items.keys.filter { !present.contains($0) }
    }

    /// Adds the items of a group to a record.
    ///
    /// - Parameter value: The items as ``ItemList/items(of:key:)`` takes them.
    static func add(_ value: ParameterValue, of forEach: ForEach, to record: inout PreparationRecord) {
        record.members["source"] = .string(forEach.source)
        record.members["key"] = forEach.key.map(ParameterValue.string)
        record.members["items"] = value
    }
}

extension ForEach {
    /// A digest of where the items come from.
    var source: String {
        var hash = StableHash()
        hash.combine(items)
        hash.combine(key ?? "")
        return hash.hexadecimal
    }
}
