import Synchronization

/// Which parameters of a type are secret, or hold what is: found by reflection once for every type.
package struct SecretLayout: Sendable {
    /// One parameter, under both of its spellings.
    struct Member: Sendable {
        var isSecret: Bool
        var type: Any.Type
    }

    /// The parameters that are secret or may hold secrets, by key.
    let members: [String: Member]

    private static let known = Mutex<[ObjectIdentifier: SecretLayout]>([:])

    /// Returns the layout of a type.
    static func of(_ type: any ParameterGroup.Type) -> SecretLayout {
        let id = ObjectIdentifier(type)
        if let layout = known.withLock({ $0[id] }) { return layout }
        let layout = SecretLayout(type, within: [])
        known.withLock { $0[id] = layout }
        return layout
    }

    /// Whether a value of the type can hold a secret parameter, at any depth.
    package static func holdsSecrets(_ type: Any.Type) -> Bool {
        group(in: type).map { !of($0).members.isEmpty } ?? false
    }

    /// Returns the group that a type is, or that it is a list, mapping or optional of.
    static func group(in type: Any.Type) -> (any ParameterGroup.Type)? {
        if let container = type as? any ParameterContainer.Type { return group(in: container.elementType) }
        return type as? any ParameterGroup.Type
    }

    /// - Parameter outer: The groups whose layouts are being found out.
    private init(_ type: any ParameterGroup.Type, within outer: Set<ObjectIdentifier>) {
        let outer = outer.union([ObjectIdentifier(type)])
        var members: [String: Member] = [:]
        for entry in ParameterBinder.parameters(of: type.init()) {
            let member = Member(isSecret: entry.parameter.isSecret, type: entry.parameter.valueType)
            guard member.isSecret || Self.mayHoldSecrets(member.type, within: outer) else { continue }
            guard entry.namesake == nil else { continue }
            members[entry.key] = member
            members[entry.propertyName] = member
        }
        self.members = members
    }

    /// A group within a group of its own type counts as holding secrets: a look too many costs little.
    private static func mayHoldSecrets(_ type: Any.Type, within outer: Set<ObjectIdentifier>) -> Bool {
        guard let group = group(in: type) else { return false }
        return outer.contains(ObjectIdentifier(group)) || !SecretLayout(group, within: outer).members.isEmpty
    }
}
