import OrderedCollections

/// Checks values for the parameters of a type, without an instance for each.
struct ParameterProbe {
    private let type: any ParameterGroup.Type
    private let entries: [ParameterBinder.Entry]

    init(_ type: any ParameterGroup.Type) {
        self.type = type
        entries = ParameterBinder.parameters(of: type.init())
    }

    /// - Parameter issues: Receives one entry for everything that does not fit.
    func check(
        _ members: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) {
        // What an earlier check bound is bound anew, and used by nobody.
        ParameterBinder.bind(members, to: entries, of: type, at: path, issues: &issues)
    }
}
