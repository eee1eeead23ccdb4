extension ParameterValue {
    /// Whether the value is known in the run only, or holds one that is.
    package var isOpen: Bool {
        switch self {
        case .template(let template): template.isOpen
        case .array(let items): items.contains(where: \.isOpen)
        case .object(let members): members.values.contains(where: \.isOpen)
        case .null, .bool, .int, .double, .string: false
        }
    }

    /// Calls `body` with every template in the value and its path.
    package func forEachTemplate(at path: ParameterPath, _ body: (ValueTemplate, ParameterPath) -> Void) {
        switch self {
        case .template(let template):
            body(template, path)
        case .array(let items):
            for (index, item) in items.enumerated() { item.forEachTemplate(at: path.appending(index), body) }
        case .object(let members):
            for (key, member) in members { member.forEachTemplate(at: path.appending(key), body) }
        case .null, .bool, .int, .double, .string:
            break
        }
    }

    /// Calls `body` with every variable in the value that is known in the run only.
    package func forEachReference(_ body: (ExpressionReference) -> Void) {
        switch self {
        case .template(let template): for reference in template.references { body(reference) }
        case .array(let items): for item in items { item.forEachReference(body) }
        case .object(let members): for member in members.values { member.forEachReference(body) }
        case .null, .bool, .int, .double, .string: break
        }
    }

    /// The errors of variables in a value that cannot depend on a run.
    package func issuesOfVariables(at path: ParameterPath) -> [JobIssue] {
        guard isOpen else { return [] }
        var issues: [JobIssue] = []
        forEachTemplate(at: path) { template, path in
            for reference in template.references {
                issues.append(JobIssue(.variable(.knownInRunOnly(reference.label)), at: path))
            }
        }
        return issues
    }

    /// The value as a part of a text: numbers and truth values as they are written, lists and mappings as JSON.
    package var embeddedText: String { scalarText ?? json.rawValue }
}

extension ParameterValue {
    /// What the task published.
    ///
    /// ```swift
    /// job.tasks["sum"]?.parameters["rows"] = .output("list", "rows", default: 0)
    /// ```
    /// - Parameters:
    ///   - task: The name of the task. It becomes a dependency.
    ///   - output: The name of the value.
    ///   - fallback: The value if the task published none; without it, that is a failure.
    public static func output(
        _ task: String,
        _ output: String,
        default fallback: ParameterValue? = nil
    ) -> ParameterValue {
        variable(.output, "\(task).\(output)", fallback)
    }

    /// A value of the shared dictionary, as it is when the task starts.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - fallback: The value if the dictionary has none; without it, that is a failure.
    public static func shared(_ key: String, default fallback: ParameterValue? = nil) -> ParameterValue {
        variable(.shared, key, fallback)
    }

    /// The item that the task runs for.
    public static var item: ParameterValue { variable(.item, "", nil) }

    /// A field of the item that the task runs for.
    ///
    /// - Parameters:
    ///   - field: The key in the item.
    ///   - fallback: The value if the item has no such field; without it, that is a failure.
    public static func item(_ field: String, default fallback: ParameterValue? = nil) -> ParameterValue {
        variable(.item, field, fallback)
    }

    private static func variable(
        _ kind: ExpressionReference.Kind,
        _ name: String,
        _ fallback: ParameterValue?
    ) -> ParameterValue {
        let reference = ExpressionReference(kind, name, fallback: fallback.map { .text($0.embeddedText) } ?? .none)
        return .template(ValueTemplate([.reference(reference)]))
    }
}
