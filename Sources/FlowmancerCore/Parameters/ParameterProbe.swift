import OrderedCollections

/// Checks values for the parameters of a kind, without an instance for each.
struct ParameterProbe {
    private enum Form {
        /// The parameters of one instance of a type. What an earlier check bound to them is bound anew, and used by nobody.
        case instance([ParameterBinder.Entry], of: any ParameterGroup.Type)
        case description(GroupDescription)
    }

    private let form: Form
    /// Whether there is nothing to check where no values are given.
    private let isEmpty: Bool

    init(_ parameters: KindParameters) {
        isEmpty = parameters.description.parameters.isEmpty
        form =
            parameters.type.map { .instance(ParameterBinder.parameters(of: $0.init()), of: $0) }
            ?? .description(parameters.description)
    }

    /// - Parameter issues: Receives one entry for everything that does not fit.
    func check(
        _ members: OrderedDictionary<String, ParameterValue>,
        at path: @autoclosure () -> ParameterPath,
        issues: inout [JobIssue]
    ) {
        if isEmpty, members.isEmpty { return }
        switch form {
        case .instance(let entries, let type):
            ParameterBinder.bind(members, to: entries, of: type, at: path(), issues: &issues)
        case .description(let group):
            group.check(members, at: path(), issues: &issues)
        }
    }
}
