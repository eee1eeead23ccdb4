import FlowmancerCore
import OrderedCollections

/// The variables that the tasks of a job within a job see as `$VAR{…}`.
struct VariableScope: Sendable {
    /// The values, as they have to be written within that job.
    private let values: OrderedDictionary<String, ParameterValue>
    /// Whether what is not among the values has none: a file sees nothing else.
    let isClosed: Bool

    /// - Parameters:
    ///   - variables: The values, as they are written beside `job`.
    ///   - outer: The variables that are seen beside `job`, if the tasks stand there, too.
    init(_ variables: OrderedDictionary<String, ParameterValue>, within outer: VariableScope?, isFile: Bool) {
        var values = variables.mapValues(\.raised)
        if !isFile, let outer {
            values.merge(outer.values.lazy.map { ($0.key, $0.value.raised) }, uniquingKeysWith: { own, _ in own })
        }
        self.values = values
        isClosed = isFile || outer?.isClosed == true
    }

    subscript(name: String) -> ParameterValue? { values[name] }

    var names: [String] { values.keys.elements }
}

extension VariableExpander {
    /// Returns the value of a variable; `nil` if it has none.
    func value(of name: String, _ kind: VariableKind) -> String? {
        if kind == .variable, let scope {
            if let value = scope[name] { return value.scalarText ?? "" }
            if scope.isClosed { return nil }
        }
        return kind.value(of: name, in: context)
    }

    /// Returns the names of the variables that have values.
    func names(of kind: VariableKind) -> [String] {
        guard kind == .variable, let scope else { return kind.names(in: context) }
        return scope.isClosed ? scope.names.sorted() : Set(scope.names + kind.names(in: context)).sorted()
    }

    /// Returns the value of a variable that is given to a job within the job; `nil` for any other variable.
    func scopedValue(of name: String, _ kind: VariableKind) -> ParameterValue? {
        kind == .variable ? scope?[name] : nil
    }

    /// Returns a value with the variables of a text in it, which keep their types where they are alone.
    func expandedValue(
        of text: String,
        findings: inout [Finding],
        note: (Use) -> Void = { _ in }
    ) -> ParameterValue {
        guard let scope, !scope.names.isEmpty else { return value(of: text, findings: &findings, note: note) }
        var parts: [ParameterValue] = []
        for piece in VariableScanner(text) {
            guard case .variable(let reference, _) = piece, let value = scopedValue(of: reference.name, reference.kind),
                !reference.demandsValue || value != ""
            else {
                // Whatever else it is, it stays what it is anywhere.
                parts.append(self.value(of: String(piece.written), findings: &findings, note: note))
                continue
            }
            note(Use(variable: reference.label, source: .value(value.scalarText ?? "")))
            parts.append(value)
        }
        if let joined = ParameterValue.joining(parts) { return joined }
        findings.append(Finding(problem: .collectionInText(collections(in: text)), severity: .error))
        return .string("")
    }

    private func collections(in text: String) -> String {
        for case .variable(let reference, _) in VariableScanner(text) {
            switch scopedValue(of: reference.name, reference.kind) {
            case .array?, .object?: return reference.label
            default: continue
            }
        }
        return ""
    }
}

extension VariableScanner.Piece {
    /// The piece as it stands in the text.
    fileprivate var written: Substring {
        switch self {
        case .text(let text), .unclosed(let text): text
        case .dollars(let text): "$" + text
        case .variable(let reference, _): Substring(reference.written)
        }
    }
}
