import Synchronization

/// Which types have secret parameters, at any depth: found by reflection once for every type.
package enum SecretLayout {
    private static let known = Mutex<[ObjectIdentifier: Bool]>([:])

    /// Whether a value of the type can hold a secret parameter.
    package static func holdsSecrets(_ type: Any.Type) -> Bool {
        guard let group = group(in: type) else { return false }
        let id = ObjectIdentifier(group)
        if let answer = known.withLock({ $0[id] }) { return answer }
        let answer = holdsSecrets(group, within: [])
        known.withLock { $0[id] = answer }
        return answer
    }

    /// Returns the group that a type is, or that it is a list, mapping or optional of.
    private static func group(in type: Any.Type) -> (any ParameterGroup.Type)? {
        if let container = type as? any ParameterContainer.Type { return group(in: container.elementType) }
        return type as? any ParameterGroup.Type
    }

    /// - Parameter outer: The groups that are being looked at. A group within itself holds nothing more than the outer one.
    private static func holdsSecrets(_ type: any ParameterGroup.Type, within outer: Set<ObjectIdentifier>) -> Bool {
        let (isNew, outer) = (!outer.contains(ObjectIdentifier(type)), outer.union([ObjectIdentifier(type)]))
        return isNew
            && ParameterBinder.parameters(of: type.init()).contains { entry in
                entry.parameter.isSecret
                    || group(in: entry.parameter.valueType).map { holdsSecrets($0, within: outer) } == true
            }
    }
}
