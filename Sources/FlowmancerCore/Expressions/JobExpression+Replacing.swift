extension JobExpression {
    /// Puts values that are known in the run only in the place of the variables that stand for them.
    ///
    /// - Parameter template: Returns the value of such a variable; `nil` for other variables.
    func replacing(
        _ template: (ExpressionReference) -> ParameterValue?
    ) throws(ExpressionError) -> JobExpression {
        switch form {
        case .value:
            return self
        case .reference(let reference):
            guard let value = template(reference) else { return self }
            guard let form = Self.form(of: value, at: offset) else {
                throw ExpressionError(.compound(reference.label), at: offset)
            }
            return JobExpression(form, at: offset)
        case .defined(let reference):
            guard let value = template(reference) else { return self }
            guard case .template(let template) = value, let whole = template.whole else {
                return JobExpression(.value(.bool(true)), at: offset)
            }
            // A default makes it defined.
            return JobExpression(whole.fallback == .none ? .defined(whole) : .value(.bool(true)), at: offset)
        case .not(let operand):
            return JobExpression(.not(try operand.replacing(template)), at: offset)
        case .list(let operands):
            return JobExpression(.list(try Self.replacing(operands, template)), at: offset)
        case .and(let operands):
            return JobExpression(.and(try Self.replacing(operands, template)), at: offset)
        case .or(let operands):
            return JobExpression(.or(try Self.replacing(operands, template)), at: offset)
        case .comparison(let comparison, let left, let right):
            let (left, right) = (try left.replacing(template), try right.replacing(template))
            return JobExpression(.comparison(comparison, left, right), at: offset)
        }
    }

    private static func replacing(
        _ operands: [JobExpression],
        _ template: (ExpressionReference) -> ParameterValue?
    ) throws(ExpressionError) -> [JobExpression] {
        var replaced: [JobExpression] = []
        for operand in operands { replaced.append(try operand.replacing(template)) }
        return replaced
    }

    /// The form of a value that an expression can have; `nil` for text around a variable, and for a mapping with one in it.
    private static func form(of value: ParameterValue, at offset: Int) -> Form? {
        switch value {
        case .template(let template):
            return template.whole.map(Form.reference)
        case .array(let items) where value.isOpen:
            let forms = items.compactMap { form(of: $0, at: offset) }
            return forms.count == items.count ? .list(forms.map { JobExpression($0, at: offset) }) : nil
        case .object where value.isOpen:
            return nil
        case .null, .bool, .int, .double, .string, .array, .object:
            return .value(value)
        }
    }
}
