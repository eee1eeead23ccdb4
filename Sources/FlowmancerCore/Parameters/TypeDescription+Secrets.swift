extension GroupDescription {
    /// Whether a parameter is secret, at any depth.
    var holdsSecrets: Bool { TypeDescription.group(self).holdsSecrets(within: []) }
}

extension TypeDescription {
    /// Whether a value can hold a secret parameter, at any depth.
    ///
    /// - Parameter outer: The groups around the value, from the outermost one.
    func holdsSecrets(within outer: [GroupDescription]) -> Bool { holdsSecrets(within: outer, []) }

    /// - Parameter asked: The names of the groups that are being looked at, which hold nothing more within themselves.
    private func holdsSecrets(within outer: [GroupDescription], _ asked: Set<String>) -> Bool {
        switch self {
        case .optional(let wrapped): return wrapped.holdsSecrets(within: outer, asked)
        case .list(let element, _): return element.holdsSecrets(within: outer, asked)
        case .mapping(_, let value): return value.holdsSecrets(within: outer, asked)
        case .group(let group):
            guard !asked.contains(group.typeName) else { return false }
            return group.parameters.contains {
                $0.isSecret || $0.type.holdsSecrets(within: outer + [group], asked.union([group.typeName]))
            }
        case .enclosingGroup(let name):
            guard let index = outer.lastIndex(where: { $0.typeName == name }) else { return false }
            return TypeDescription.group(outer[index]).holdsSecrets(within: Array(outer[..<index]), asked)
        default:
            return false
        }
    }
}
