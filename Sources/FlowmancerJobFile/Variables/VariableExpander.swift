import FlowmancerCore

/// Puts the values of `$ENV{NAME:default}`, `$SYS{NAME}` and `$VAR{name:default}` into text. Variables that are known in the
/// run only make a template of it.
///
/// `$$ENV{X}` stands for the literal text `$ENV{X}`: before a variable, one `$` too many is taken away instead.
struct VariableExpander: Sendable {
    /// What an expansion found wrong.
    struct Finding {
        var problem: VariableProblem
        var severity: JobIssue.Severity
    }

    /// A variable that was put into text.
    struct Use {
        /// The variable without its default: `$ENV{NAME}`.
        var variable: String
        var source: Source

        enum Source {
            case value(String)
            case fallback(String)
            /// Nothing, so that it becomes empty text; the variable that was probably meant.
            case nowhere(nearest: String?)
            /// The run.
            case run
            /// Nothing, though the job file demands a value.
            case refused
        }
    }

    let context: JobLoadingContext
    /// The variables of the job within the job that is being read; `nil` outside of any.
    var scope: VariableScope?

    /// Returns text that expands to `text`.
    static func escape(_ text: String) -> String { ValueTemplate.escaped(text) }

    /// Returns the text with all variables replaced, and adds what is wrong to `findings`. Variables that are known in the run
    /// only are among that.
    ///
    /// - Parameter note: Receives every variable that is put in.
    func expand(_ text: String, findings: inout [Finding], note: (Use) -> Void = { _ in }) -> String {
        switch value(of: text, findings: &findings, note: note) {
        case .string(let text):
            return text
        case let value:
            guard case .template(let template) = value else { return text }
            for reference in template.references {
                findings.append(Finding(problem: .knownInRunOnly(reference.label), severity: .error))
            }
            return text
        }
    }

    /// Returns what the text stands for: text with all variables replaced, or a template if some are known in the run only.
    func value(of text: String, findings: inout [Finding], note: (Use) -> Void = { _ in }) -> ParameterValue {
        var pieces: [ValueTemplate.Piece] = []
        var result = ""
        for piece in VariableScanner(text) {
            switch piece {
            case .text(let text), .dollars(let text):
                result += text
            case .variable(let reference, _) where !reference.kind.isKnownAtLoad:
                guard isUsable(reference, findings: &findings) else { continue }
                note(Use(variable: reference.label, source: .run))
                pieces += [.text(result), .reference(reference.ofExpression)]
                result = ""
            case .variable(let reference, _):
                result += value(of: reference, findings: &findings, note: note)
            case .unclosed(let rest):
                // Not its default, which may be secret.
                let written = String(rest.prefix(40).prefix { $0 != ":" })
                findings.append(Finding(problem: .unclosed(written), severity: .error))
                result += rest
            }
        }
        return pieces.isEmpty ? .string(result) : .template(ValueTemplate(pieces + [.text(result)]))
    }

    /// Whether a variable can be known in the run, as far as its text tells.
    private func isUsable(_ reference: VariableReference, findings: inout [Finding]) -> Bool {
        var problem = reference.ofExpression.malformation
        if problem == nil, reference.kind == .state { problem = .stateInText(reference.label) }
        if problem == nil, case .text(let text) = reference.fallback, VariableScanner.findsVariables(in: text) {
            problem = .nested(reference.label)
        }
        if let problem { findings.append(Finding(problem: problem, severity: .error)) }
        return problem == nil
    }

    private func value(
        of reference: VariableReference,
        findings: inout [Finding],
        note: (Use) -> Void
    ) -> String {
        let label = reference.label
        func report(_ problem: VariableProblem, _ severity: JobIssue.Severity) {
            findings.append(Finding(problem: problem, severity: severity))
        }
        if reference.name.isEmpty {
            report(.unnamed(label), .error)
            return ""
        }
        if case .text(let text) = reference.fallback, VariableScanner.findsVariables(in: text) {
            report(.nested(label), .error)
            return ""
        }
        let value = value(of: reference.name, reference.kind)
        if value == nil, reference.kind.isClosed { report(unknown(reference), .warning) }
        if let value, !value.isEmpty || !reference.demandsValue {
            note(Use(variable: label, source: .value(value)))
            return value
        }
        switch reference.fallback {
        case .text(let text):
            note(Use(variable: label, source: .fallback(text)))
            return text
        case .refusal(let reason):
            note(Use(variable: label, source: .refused))
            report(.demanded(label, isEmpty: value != nil, reason: reason), .error)
        case .none:
            let nearest = nearest(to: reference)
            note(Use(variable: label, source: .nowhere(nearest: nearest)))
            // Of a name that is wrong, or that no variable has, more is said elsewhere.
            if !reference.kind.isClosed, !reference.hasBracedName { report(.unset(label, nearest: nearest), .warning) }
        }
        return ""
    }

    /// Returns the value of a variable of an expression that is known in the run only; `nil` for other variables.
    func template(_ reference: ExpressionReference) -> ParameterValue? {
        guard let value = scopedValue(of: reference.name, reference.kind), value.isOpen else { return nil }
        return value
    }

    /// Returns what is known of a variable of an expression, where it is a value and not put into text.
    func lookup(_ reference: ExpressionReference) -> ExpressionLookup {
        guard reference.kind.isKnownAtLoad else { return .unknown }
        let kind = reference.kind
        if let value = scopedValue(of: reference.name, kind) { return .value(value) }
        if let value = value(of: reference.name, kind) { return .value(.string(value)) }
        return .missing(nearest: nearest(to: reference.name, kind))
    }

    private func unknown(_ reference: VariableReference) -> VariableProblem {
        let known = names(of: reference.kind).map { reference.kind.reference(to: $0) }
        let hasDefault = if case .text = reference.fallback { true } else { false }
        return .unknown(reference.label, hasDefault: hasDefault, nearest: nearest(to: reference), known: known)
    }

    /// The variable that has a value and was probably meant.
    private func nearest(to reference: VariableReference) -> String? {
        if case .bracedName(let meant, _) = reference.doubt { return meant }
        return nearest(to: reference.name, reference.kind)
    }

    private func nearest(to name: String, _ kind: VariableKind) -> String? {
        let names = names(of: kind)
        // Of few names, one that holds the other is near enough.
        let similar = kind.isClosed ? names.first { $0.contains(name.uppercased()) } : nil
        return (name.nearest(among: names) ?? similar).map { kind.reference(to: $0) }
    }
}
