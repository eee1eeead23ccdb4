import OrderedCollections

extension TypeDescription {
    /// Whether a parameter could take what is published as another type.
    ///
    /// `false` only if no value fits, or if it would have to be read out of text: what is published as text is no number.
    func mayTake(_ published: TypeDescription) -> Bool {
        switch (self, published) {
        case (.any, _), (.custom, _), (_, .any), (_, .custom): true
        case (_, .optional(let inner)), (_, .worded(let inner, _)): mayTake(inner)
        case (_, .either(let types)): types.contains { mayTake($0) }
        case (.optional(let inner), _), (.worded(let inner, _), _): inner.mayTake(published)
        case (.either(let types), _): types.contains { $0.mayTake(published) }
        case (_, .choice(let values)): values.contains { !refuses($0) } || wantsText
        case (.choice(let values), _): values.contains { published.accepts($0) }
        case (.list(let own, _), .list(let other, _)): own.mayTake(other)
        case (.mapping(_, let own), .mapping(_, let other)): own.mayTake(other)
        case (.mapping, .group), (.mapping, .enclosingGroup), (.group, .mapping), (.enclosingGroup, .mapping): true
        case (.group, .group), (.group, .enclosingGroup), (.enclosingGroup, .group), (.enclosingGroup, .enclosingGroup):
            true
        case (.text, _), (.word, _): published.isScalar
        case (.url, .url), (.url, .text), (.date, .text), (.duration, .text), (.url, .word), (.duration, .word): true
        case (.boolean, .boolean), (.boolean, .integer): true
        case (.integer, .integer), (.integer, .number), (.number, .integer), (.number, .number): true
        case (.duration, .integer), (.duration, .number), (.duration, .duration): true
        // A duration is published as seconds if these are whole.
        case (.integer, .duration), (.number, .duration): true
        case (.date, .integer), (.date, .number), (.date, .date): true
        default: false
        }
    }

    /// Whether some text could be a value.
    var takesText: Bool {
        switch self {
        case .list, .mapping, .group, .enclosingGroup: false
        case .optional(let inner), .worded(let inner, _): inner.takesText
        case .either(let types): types.contains(where: \.takesText)
        case .text, .boolean, .integer, .number, .duration, .date, .url, .word, .choice, .any, .custom: true
        }
    }

    /// Whether a value certainly is none of the type.
    func refuses(_ value: ParameterValue) -> Bool {
        // Text may be what a type of its own makes of it.
        if wantsText, value.scalarText != nil { return false }
        let parameter = ParameterDescription(
            key: "value",
            propertyName: "value",
            help: "",
            type: self,
            presence: .required
        )
        var issues: [JobIssue] = []
        GroupDescription(typeName: "", parameters: [parameter])
            .check(["value": value], at: ParameterPath(), issues: &issues)
        return !issues.isEmpty
    }

    /// Whether a value of a choice could be of the type.
    private func accepts(_ value: ParameterValue) -> Bool {
        switch (self, value) {
        case (.text, .string), (.word, .string), (.url, .string), (.date, .string), (.duration, .string): true
        case (.integer, .int), (.number, .int), (.number, .double), (.integer, .double), (.boolean, .bool): true
        default: false
        }
    }

    private var isScalar: Bool {
        switch self {
        case .text, .boolean, .integer, .number, .duration, .date, .url, .word, .choice: true
        case .list, .mapping, .optional, .either, .group, .enclosingGroup, .any, .worded, .custom: false
        }
    }
}

extension GroupDescription {
    /// Returns the type of what stands at a place in the parameters; `nil` if that is not known.
    func type(at steps: some Sequence<ParameterPath.Component>) -> TypeDescription? {
        var type = TypeDescription.group(self)
        var outer: [GroupDescription] = []
        for step in steps {
            if case .key(let key) = step, let group = type.members(within: outer) {
                outer.append(group)
                guard let parameter = group.parameter(spelled: key) else { return nil }
                type = parameter.type
            } else {
                guard let element = type.element else { return nil }
                type = element
            }
        }
        return type
    }
}
