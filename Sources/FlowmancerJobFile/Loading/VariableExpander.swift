import FlowmancerCore

/// Puts the values of `$ENV{NAME:default}`, `$SYS{NAME}` and `$VAR{name:default}` into text.
///
/// `$$ENV{X}` stands for the literal text `$ENV{X}`: before a variable, one `$` too many is taken away instead.
struct VariableExpander: Sendable {
    /// What an expansion found wrong.
    struct Finding {
        var problem: JobIssue.Problem
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
            /// Nothing, so that it reads as empty text.
            case nowhere
        }
    }

    let context: JobLoadingContext

    /// Returns whether text holds a variable, or what escapes one.
    static func hasVariables(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return false }
        let rest = text.utf8[...]
        return rest.indices.contains { rest[$0] == UInt8(ascii: "$") && kind(after: rest[$0...].dropFirst()) != nil }
    }

    /// Returns text that expands to `text`.
    static func escape(_ text: String) -> String {
        guard hasVariables(text) else { return text }
        var result = ""
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            result += Substring(rest[...dollar])
            rest = rest[dollar...].dropFirst()
            if kind(after: rest) != nil { result += "$" }
        }
        return result + String(Substring(rest))
    }

    /// Returns the text with all variables replaced, and adds what is wrong to `findings`.
    ///
    /// - Parameter note: Receives every variable that is put in.
    func expand(_ text: String, findings: inout [Finding], note: (Use) -> Void = { _ in }) -> String {
        var result = ""
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            result += Substring(rest[..<dollar])
            rest = rest[dollar...]
            let dollars = rest.prefix { $0 == UInt8(ascii: "$") }
            let behind = rest.dropFirst(dollars.count)
            guard let kind = Self.kind(after: behind) else {
                result += Substring(dollars)
                rest = behind
                continue
            }
            if dollars.count > 1 {
                result += Substring(dollars.dropFirst())
                rest = behind
                continue
            }
            guard let end = behind.firstIndex(of: UInt8(ascii: "}")) else {
                let written = Substring(rest.prefix(40))
                let reason = "the variable \"\(written)\" has no '}' at its end; a literal one is written $\(written)"
                findings.append(Finding(problem: .rejectedValue(reason: reason), severity: .error))
                break
            }
            let body = Substring(behind[..<end].dropFirst(4))
            result += value(kind, body, findings: &findings, note: note)
            rest = behind[end...].dropFirst()
        }
        return result + String(Substring(rest))
    }

    private enum Kind: String {
        case environment = "ENV"
        case system = "SYS"
        case variable = "VAR"
    }

    /// Returns the kind of the variable whose `$` stands before `rest`.
    private static func kind(after rest: Substring.UTF8View) -> Kind? {
        guard let brace = rest.dropFirst(3).first, brace == UInt8(ascii: "{") else { return nil }
        return Kind(rawValue: String(Substring(rest.prefix(3))))
    }

    private func value(
        _ kind: Kind,
        _ body: Substring,
        findings: inout [Finding],
        note: (Use) -> Void
    ) -> String {
        let parts = body.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].drop { $0 == " " }.trimmingBlanks
        let variable = "$\(kind.rawValue){\(name)}"
        let fallback = parts.count > 1 ? String(parts[1]) : nil

        func reject(_ problem: JobIssue.Problem) -> String {
            findings.append(Finding(problem: problem, severity: .error))
            return ""
        }
        if name.isEmpty { return reject(.rejectedValue(reason: "the variable \(variable) has no name")) }
        if let fallback, Self.hasVariables(fallback) {
            return reject(.rejectedValue(reason: "the default of \(variable) cannot hold another variable"))
        }
        let found: String?
        switch kind {
        case .environment: found = context.environment[name]
        case .variable: found = context.variables[name]
        case .system:
            guard name == "APP_ROOT_DIR" else {
                let known = "$SYS{APP_ROOT_DIR}"
                let expected = "\(known), the only variable of the system"
                return reject(
                    .wrongValue(expected: expected, found: "the text \"\(variable)\"", candidates: [known])
                )
            }
            found = context.appRoot
        }
        let source = found.map(Use.Source.value) ?? fallback.map(Use.Source.fallback) ?? .nowhere
        note(Use(variable: variable, source: source))
        if let value = found ?? fallback { return value }
        findings.append(Finding(problem: .unsetVariable(variable), severity: .warning))
        return ""
    }
}

extension Substring {
    fileprivate var trimmingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
