extension JobExpression {
    /// What is probably not meant, as far as the expression shows it by itself.
    package var doubts: [ExpressionError] {
        var doubts: [ExpressionError] = []
        collectDoubts(&doubts)
        // An error of the values is reported as such.
        if let value = (try? resolved { _ in .unknown })?.constant, let truth = try? value.truth(at: offset) {
            doubts.append(ExpressionError(.constant(truth), at: offset))
        }
        return doubts
    }

    private func collectDoubts(_ doubts: inout [ExpressionError]) {
        switch form {
        case .value(.string(let text)):
            guard let label = ExpressionLexer.variable(in: text) else { return }
            doubts.append(ExpressionError(.variableInText(label), at: offset))
        case .reference(let reference):
            // As elsewhere in job files.
            guard case .text(let text) = reference.fallback, let sign = text.unicodeScalars.first,
                sign == "-" || sign == "+", ExpressionNumber(text) == nil
            else { return }
            let problem = VariableProblem.shellDefault(reference.label, sign: Character(sign))
            doubts.append(ExpressionError(.variable(problem), at: offset))
        case .value, .defined:
            break
        case .not(let operand):
            operand.collectDoubts(&doubts)
        case .list(let operands), .and(let operands), .or(let operands):
            for operand in operands { operand.collectDoubts(&doubts) }
        case .comparison(let comparison, let left, let right):
            left.collectDoubts(&doubts)
            right.collectDoubts(&doubts)
            switch comparison {
            case .equal, .unequal:
                left.collectDoubts(comparedWith: right, &doubts)
                right.collectDoubts(comparedWith: left, &doubts)
            case .contained, .notContained:
                guard case .list(let items) = right.form else { break }
                for item in items { left.collectDoubts(comparedWith: item, &doubts) }
            case .less, .lessOrEqual, .greater, .greaterOrEqual:
                break
            }
        }
    }

    /// Adds what is doubtful about a variable that is compared with a constant.
    private func collectDoubts(comparedWith other: JobExpression, _ doubts: inout [ExpressionError]) {
        guard case .reference(let reference) = form, reference.kind.isText, let value = other.constant else { return }
        switch value {
        case .string(let text) where reference.kind == .state:
            guard ExecutionState(text) == nil else { return }
            let nearest = text.nearest(among: ExecutionState.allCases.map(\.description))
            let meant = text.lowercased() == "skip" ? "\(ExecutionState.skipped)" : nearest
            doubts.append(ExpressionError(.unknownState(text, nearest: meant), at: other.offset))
        case .int, .double:
            // The text of other variables may read as a number.
            guard reference.kind == .state else { return }
            doubts.append(ExpressionError(.neverEqual(reference.label, .number), at: other.offset))
        case .string, .template:
            break
        case .null, .bool, .array, .object:
            doubts.append(ExpressionError(.neverEqual(reference.label, .init(value)), at: other.offset))
        }
    }
}
