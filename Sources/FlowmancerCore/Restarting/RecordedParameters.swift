import OrderedCollections

/// The parameters of a task as a history keeps them: without secrets, and with variables as text.
struct RecordedParameters: Hashable {
    private let members: OrderedDictionary<String, ParameterValue>

    /// A value that is not on record, and which the present job does not have either.
    struct Missing: Error {
        let path: ParameterPath
    }

    init(_ json: JSONText?) {
        guard case .object(let members)? = json.flatMap({ ParameterValue(json: $0) }) else {
            members = [:]
            return
        }
        self.members = members
    }

    /// Whether there are secrets among them.
    var haveSecrets: Bool { ParameterValue.object(members).json.rawValue.contains(SecretText.mask) }

    /// Returns the parameters with which the task ran.
    ///
    /// - Parameters:
    ///   - shown: The present parameters as a history would keep them.
    ///   - present: The present parameters: what is the same in both is taken from there, and so are the secrets.
    func restored(
        _ shown: RecordedParameters,
        present: OrderedDictionary<String, ParameterValue>
    ) throws(Missing) -> OrderedDictionary<String, ParameterValue> {
        try Self.restored(members, shown.members, present, at: ParameterPath("parameters"))
    }

    private static func restored(
        _ members: OrderedDictionary<String, ParameterValue>,
        _ shown: OrderedDictionary<String, ParameterValue>,
        _ present: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath
    ) throws(Missing) -> OrderedDictionary<String, ParameterValue> {
        var result = members
        for (position, (key, value)) in members.enumerated() {
            result.values[position] = try restored(value, shown[key], present[key], at: path.appending(key))
        }
        return result
    }

    private static func restored(
        _ value: ParameterValue,
        _ shown: ParameterValue?,
        _ present: ParameterValue?,
        at path: ParameterPath
    ) throws(Missing) -> ParameterValue {
        if let present, value == shown { return present }
        switch value {
        case .object(let members):
            var others: [OrderedDictionary<String, ParameterValue>] = []
            for other in [shown, present] {
                if case .object(let members)? = other { others.append(members) } else { others.append([:]) }
            }
            return .object(try restored(members, others[0], others[1], at: path))
        case .array(var items):
            for (position, item) in items.enumerated() {
                let (shown, present) = (shown?.item(position), present?.item(position))
                items[position] = try restored(item, shown, present, at: path.appending(position))
            }
            return .array(items)
        case .string(let text):
            if text == SecretText.mask, let present { return present }
            if text.contains(SecretText.mask) { throw Missing(path: path) }
            // A record does not say whether a variable in it was one, or text in quotes. Most changes leave that alone.
            if case .string? = present { return value }
            let template = ValueTemplate(text)
            return template.isOpen ? .template(template) : value
        case .null, .bool, .int, .double, .template:
            return value
        }
    }
}

extension ParameterValue {
    fileprivate func item(_ position: Int) -> ParameterValue? {
        if case .array(let items) = self, items.indices.contains(position) { items[position] } else { nil }
    }
}
