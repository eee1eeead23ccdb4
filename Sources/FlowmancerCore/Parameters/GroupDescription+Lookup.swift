extension GroupDescription {
    /// What a path within the parameters of a type leads to.
    package struct Finding: Sendable {
        /// The parameter at the end of the path; `nil` if the path leads into a value that has no parameters.
        package var parameter: ParameterDescription?
        /// The parameters that could stand in the place of the last step.
        package var siblings: [ParameterDescription] = []
        /// Whether something on the way is secret.
        package var isSecret = false
        /// Whether the type has what the path names.
        package var isKnown = true
    }

    /// Returns the parameter that a key means, in either spelling.
    package func parameter(spelled key: String) -> ParameterDescription? {
        parameters.first { $0.key == key || $0.propertyName == key }
    }

    /// Follows a path from the parameters of the type.
    package func find(_ steps: some Collection<ParameterPath.Component>) -> Finding {
        var finding = Finding()
        follow(ArraySlice(steps), of: .group(self), within: [], &finding)
        return finding
    }

    private func follow(
        _ steps: ArraySlice<ParameterPath.Component>,
        of type: TypeDescription,
        within outer: [GroupDescription],
        _ finding: inout Finding
    ) {
        guard let step = steps.first else { return }
        switch (type, step) {
        case (.group(let group), .key(let key)):
            finding.siblings = group.parameters
            guard let parameter = group.parameter(spelled: key) else {
                finding.parameter = nil
                finding.isKnown = false
                return
            }
            finding.parameter = parameter
            if parameter.isSecret { finding.isSecret = true }
            follow(steps.dropFirst(), of: parameter.type, within: outer + [group], &finding)
        case (.enclosingGroup(let name), .key):
            guard let index = outer.lastIndex(where: { $0.typeName == name }) else { return }
            follow(steps, of: .group(outer[index]), within: Array(outer[..<index]), &finding)
        case (.optional(let wrapped), _), (.worded(let wrapped, _), _):
            follow(steps, of: wrapped, within: outer, &finding)
        case (.list(let element, _), .index), (.mapping(_, let element), .key):
            finding.parameter = nil
            finding.siblings = []
            follow(steps.dropFirst(), of: element, within: outer, &finding)
        case (.either(let types), .key) where types.soleGroup != nil:
            follow(steps, of: types.soleGroup ?? .any, within: outer, &finding)
        case (.any, _), (.custom, _), (.either, _):
            finding.parameter = nil
            finding.siblings = []
        default:
            finding.parameter = nil
            finding.siblings = []
            finding.isKnown = false
        }
    }
}

extension [TypeDescription] {
    /// The only group among alternatives.
    package var soleGroup: TypeDescription? {
        let groups = filter { if case .group = $0 { true } else { false } }
        return groups.count == 1 ? groups[0] : nil
    }
}
