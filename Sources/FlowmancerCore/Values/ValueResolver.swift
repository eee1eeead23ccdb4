package import OrderedCollections

/// Puts values in the place of variables that are known in the run only.
///
/// A variable alone keeps the type of its value. But where a parameter is text, a number or a truth value becomes text.
package struct ValueResolver {
    private let lookup: (ExpressionReference) -> ExpressionLookup
    /// The groups around the value in hand, from the outermost one.
    private var outer: [GroupDescription] = []
    private var steps: [ParameterPath.Component]
    /// Whether all values stay beside their variables.
    private let keepsVariables: Bool

    /// - Parameters:
    ///   - path: Where the values stand.
    ///   - lookup: Returns the values of variables. Those that it does not know stay.
    ///   - keepsVariables: Whether all values stay beside their variables, and not only where a parameter demands it.
    package init(
        at path: ParameterPath = ParameterPath(),
        keepsVariables: Bool = false,
        _ lookup: @escaping (ExpressionReference) -> ExpressionLookup
    ) {
        steps = path.components
        self.lookup = lookup
        self.keepsVariables = keepsVariables
    }

    /// Resolves the values of parameters.
    ///
    /// - Parameter group: What the parameters take; `nil` if it is not known.
    package mutating func resolve(
        _ members: OrderedDictionary<String, ParameterValue>,
        of group: GroupDescription? = nil
    ) throws(ValueError) -> OrderedDictionary<String, ParameterValue> {
        if let group { outer.append(group) }
        defer { if group != nil { outer.removeLast() } }
        var resolved = members
        for (position, (key, value)) in members.enumerated() where value.isOpen {
            let parameter = group?.parameter(spelled: key)
            steps.append(.key(key))
            if case .template(let template) = value, parameter?.keepsVariables == true {
                resolved.values[position] = try pieces(of: template)
            } else {
                resolved.values[position] = try resolve(value, as: parameter?.type)
            }
            steps.removeLast()
        }
        return resolved
    }

    /// Resolves a value.
    package mutating func resolve(
        _ value: ParameterValue,
        as type: TypeDescription? = nil
    ) throws(ValueError) -> ParameterValue {
        switch (value, type) {
        case (.template(let template), _):
            return try resolve(template, asText: type?.wantsText == true)
        case (.array(let items), _):
            var resolved: [ParameterValue] = []
            resolved.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                steps.append(.index(index))
                resolved.append(try resolve(item, as: type?.element))
                steps.removeLast()
            }
            return .array(resolved)
        case (.object(let members), let type):
            guard let group = type?.members(within: outer) else {
                var resolved = members
                for (position, (key, member)) in members.enumerated() {
                    steps.append(.key(key))
                    resolved.values[position] = try resolve(member, as: type?.element)
                    steps.removeLast()
                }
                return .object(resolved)
            }
            return .object(try resolve(members, of: group))
        default:
            return value
        }
    }

    private func resolve(_ template: ValueTemplate, asText: Bool) throws(ValueError) -> ParameterValue {
        if keepsVariables { return try pieces(of: template) }
        if let reference = template.whole {
            guard let value = try value(of: reference) else { return .template(template) }
            return asText ? value.asText : value
        }
        guard case .template(let known) = try pieces(of: template) else { return .template(template) }
        var text = ""
        for piece in known.pieces {
            switch piece {
            case .text(let part): text += part
            case .value(_, let value): text += value.embeddedText
            case .reference: return .template(template)
            }
        }
        return .string(text)
    }

    /// Puts the values beside the variables.
    private func pieces(of template: ValueTemplate) throws(ValueError) -> ParameterValue {
        var pieces: [ValueTemplate.Piece] = []
        for piece in template.pieces {
            if case .reference(let reference) = piece, let value = try value(of: reference) {
                pieces.append(.value(reference, value))
            } else {
                pieces.append(piece)
            }
        }
        return .template(ValueTemplate(pieces))
    }

    private func value(of reference: ExpressionReference) throws(ValueError) -> ParameterValue? {
        do throws(ExpressionProblem.Raised) {
            return try reference.value(lookup(reference))
        } catch {
            throw ValueError(error.problem.ofValue, at: ParameterPath(steps))
        }
    }
}

/// Why a value of a task cannot be known.
package struct ValueError: Error, Sendable, Hashable {
    package var problem: ExpressionProblem
    /// The value, from its parameters or its task on.
    package var path: ParameterPath

    init(_ problem: ExpressionProblem, at path: ParameterPath) {
        self.problem = problem
        self.path = path
    }
}

extension ExpressionProblem {
    /// The same of a value that is no expression, and cannot ask whether a variable is defined.
    fileprivate var ofValue: ExpressionProblem {
        guard case .unset(let label, _) = self, label.hasPrefix("$DICT{") else { return self }
        return .withoutValue(label, because: "the shared dictionary has no such key")
    }
}

extension ParameterValue {
    /// The value where text is wanted.
    fileprivate var asText: ParameterValue {
        switch self {
        case .bool, .int, .double: .string(embeddedText)
        case .null, .string, .array, .object, .template: self
        }
    }
}

extension TypeDescription {
    /// Whether a value without parts can be text only.
    var wantsText: Bool {
        switch self {
        case .text: true
        case .choice(let values): values.allSatisfy { if case .string = $0 { true } else { false } }
        case .optional(let wrapped), .worded(let wrapped, _): wrapped.wantsText
        case .either(let types): types.contains(where: \.wantsText) && types.allSatisfy { $0.wantsText || $0.hasParts }
        case .boolean, .integer, .number, .duration, .date, .url, .word, .list, .mapping, .group, .enclosingGroup, .any,
            .custom:
            false
        }
    }

    private var hasParts: Bool {
        switch self {
        case .list, .mapping, .group, .enclosingGroup: true
        default: false
        }
    }

    /// The type of the items of a list, or of the values of a mapping.
    var element: TypeDescription? {
        switch self {
        case .list(let element, _), .mapping(_, let element): element
        case .optional(let wrapped), .worded(let wrapped, _): wrapped.element
        case .either(let types): types.lazy.compactMap(\.element).first
        default: nil
        }
    }

    /// The group that describes the members of a mapping, if there is one.
    func members(within outer: [GroupDescription]) -> GroupDescription? {
        switch self {
        case .group(let group): group
        case .enclosingGroup(let name): outer.last { $0.typeName == name }
        case .optional(let wrapped), .worded(let wrapped, _): wrapped.members(within: outer)
        case .either(let types): types.soleGroup?.members(within: outer)
        default: nil
        }
    }
}
