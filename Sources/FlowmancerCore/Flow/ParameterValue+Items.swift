extension ParameterValue {
    /// The value with an item in the place of `$ITEM`; `nil` if it needs something that is known in the run only.
    func known(for item: ParameterValue?) -> ParameterValue? {
        isKnownInRunOnly ? nil : self
    }

    /// Whether there are variables in the value.
    var isKnownInRunOnly: Bool {
        switch self {
        case .template: true
        case .array(let values): values.contains(where: \.isKnownInRunOnly)
        case .object(let members): members.values.contains(where: \.isKnownInRunOnly)
        case .null, .bool, .int, .double, .string: false
        }
    }
}

extension ParameterValue {
    /// The value with an item in the place of `$ITEM`.
    package func filled(with item: ParameterValue) -> ParameterValue { self }
}

extension ExpressionReference {
    /// The item, or the field of it, that the variable stands for.
    package func lookup(in item: ParameterValue) -> ExpressionLookup {
        guard !name.isEmpty else { return .value(item) }
        guard case .object(let fields) = item, let value = fields[name] else { return .missing() }
        return .value(value)
    }
}

extension ParameterValue {
    package func resolved(_ lookup: (ExpressionReference) -> ExpressionLookup) throws(ExpressionError) -> ParameterValue
    {
        guard case .template(let template) = self, let reference = template.whole else { return self }
        return try JobExpression(.reference(reference)).resolved(lookup).constant ?? .null
    }
}
