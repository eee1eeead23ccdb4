import OrderedCollections

/// Checks values for the parameters of a type, without an instance for each.
struct ParameterProbe {
    private let entries: [ParameterBinder.Entry]

    init(_ type: any ParameterGroup.Type) {
        entries = ParameterBinder.parameters(of: type.init())
    }

    /// - Parameter issues: Receives one entry for everything that does not fit.
    func check(
        _ members: OrderedDictionary<String, ParameterValue>,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) {
        // What an earlier check bound is bound anew, and used by nobody.
        ParameterBinder.bind(members, to: entries, at: path, issues: &issues)
    }
}
