package import OrderedCollections

/// All keys of one mapping of a job file, in the order in which they are documented and written.
package struct JobKeyTable<Owner: JobKeyOwner>: Sendable {
    package let keys: [JobKey<Owner>]
    /// The keys that an owner has to have.
    package let required: [JobKey<Owner>]
    /// The names of the keys whose values are expressions.
    let expressions: [String]
    private let checked: [JobKey<Owner>]
    /// The positions of the keys by name.
    @usableFromInline let positions: [String: Int]

    init(_ keys: [JobKey<Owner>]) {
        self.keys = keys
        required = keys.filter(\.isRequired)
        expressions = keys.filter { if case .expression = $0.form { true } else { false } }.map(\.key)
        checked = keys.filter { $0.fault != nil }
        positions = Dictionary(uniqueKeysWithValues: zip(keys.lazy.map(\.key), keys.indices))
    }

    /// The key of a name, which is not a second spelling: those are replaced before files are merged.
    // A caller in another module specialises it: a job may have a million tasks.
    @inlinable package subscript(name: String) -> JobKey<Owner>? {
        if let position = positions[name] { keys[position] } else { nil }
    }

    /// Every name of a key, the second spellings last.
    package var spellings: [String] {
        keys.map(\.key) + keys.compactMap(\.alias)
    }

    /// The second spellings, and the keys that they stand for.
    package var aliases: [(alias: String, key: String)] {
        keys.compactMap { key in key.alias.map { ($0, key.key) } }
    }

    /// The keys as if they were the parameters of a type.
    package var description: GroupDescription {
        GroupDescription(typeName: "", parameters: keys.map(\.description))
    }

    /// Returns what a job file has for an owner, without what is as if no file set it.
    package func write(
        _ owner: Owner,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> OrderedDictionary<String, ParameterValue> {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        for key in keys {
            if let value = key.write(owner, { path.appending(key.key) }, &issues) { members[key.key] = value }
        }
        return members
    }

    /// Checks the values of an owner that was made in code.
    func check(_ owner: Owner, at path: @autoclosure () -> ParameterPath, issues: inout [JobIssue]) {
        for key in checked {
            if let fault = key.fault?(owner) { issues.append(JobIssue(fault, at: path().appending(key.key))) }
        }
    }

    /// A mirror of an owner, without what may be secret.
    func mirror(of owner: Owner) -> Mirror {
        Mirror(owner, children: keys.map { ($0.key, $0.show(owner)) }, displayStyle: .struct)
    }
}
