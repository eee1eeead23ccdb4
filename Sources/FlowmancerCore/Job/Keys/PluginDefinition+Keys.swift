extension PluginDefinition: JobKeyOwner {
    package static let unset = PluginDefinition("")

    /// Returns the keys of a plug-in.
    package static func keys(of kind: JobIssue.NamedKind) -> JobKeyTable<PluginDefinition> {
        // There is one for every kind.
        tables[kind]!
    }

    private static let tables = Dictionary(
        uniqueKeysWithValues: JobIssue.NamedKind.allCases.map { ($0, table(of: $0)) }
    )

    private static func table(of kind: JobIssue.NamedKind) -> JobKeyTable<PluginDefinition> {
        let name = kind.rawValue
        return JobKeyTable([
            JobKey(
                text: name,
                \.variant,
                alias: "variant",
                isRequired: true,
                expectation: "the name of a type for a \(name)",
                "The name of the \(name)'s type. 'variant' is another spelling of this key."
            ),
            JobKey(parameters: "parameters", \.parameters, "The values of the type's parameters."),
        ])
    }
}

extension PluginDefinition: CustomReflectable {
    /// Shows the names of the parameters, since a value may be secret.
    public var customMirror: Mirror {
        Mirror(self, children: ["variant": variant, "parameters": Array(parameters.keys)], displayStyle: .struct)
    }
}
