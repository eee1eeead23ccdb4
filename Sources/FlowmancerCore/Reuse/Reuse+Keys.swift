import OrderedCollections

/// `reuse` in a job file.
extension Reuse: CustomParameter {
    /// The mapping, as it is described.
    struct Mapping: ParameterGroup {
        @Parameter("The files that the task reads: paths and patterns, relative to the app root.")
        var inputs = TextList()

        @Parameter("The files that the task makes: paths and patterns, relative to the app root.")
        var produces = TextList()

        @Parameter("Change it to have the task run again, such as after a change of its code.")
        var version: String?
    }

    package static var expectation: String {
        "a mapping of inputs, produces and version, such as {inputs: [data/*.csv], produces: [report.pdf]}"
    }

    package static var typeDescription: TypeDescription {
        let group = GroupDescription(of: Mapping.self)
        return .group(
            GroupDescription(
                typeName: group.typeName,
                parameters: group.parameters.map { $0.key == "version" ? $0.typed(versionType) : $0 }
            )
        )
    }

    private static let versionType = TypeDescription.optional(.either([.text, .number, .boolean]))

    package var describedValue: ParameterValue? {
        var members: OrderedDictionary<String, ParameterValue> = [:]
        if inputs != .array([]) { members["inputs"] = inputs }
        if produces != .array([]) { members["produces"] = produces }
        members["version"] = version
        return .object(members)
    }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Reuse? {
        guard case .object(let members) = value else {
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
        var reuse = Reuse()
        let first = issues.count
        for (key, value) in members {
            let path = path.appending(key)
            switch key {
            case "inputs": reuse.inputs = list(value, at: path, issues: &issues)
            case "produces": reuse.produces = list(value, at: path, issues: &issues)
            case "version": reuse.version = versionValue(value, at: path, issues: &issues)
            default: issues.append(JobIssue(.unknownKey(key, known: ["inputs", "produces", "version"]), at: path))
            }
        }
        return issues.count == first ? reuse : nil
    }

    private static func list(
        _ value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> ParameterValue {
        switch value {
        case .string, .template:
            check(value, at: path, issues: &issues)
            return value
        case .array(let items):
            for (index, item) in items.enumerated() { check(item, at: path.appending(index), issues: &issues) }
            return value
        default:
            issues.append(.wrongValue(value, expected: "a path, or a list of paths", at: path))
            return value
        }
    }

    private static func check(_ item: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) {
        switch item {
        case .template: break
        case .string(let text):
            if let problem = problem(ofPath: text) { issues.append(JobIssue(problem, at: path)) }
        default: issues.append(.wrongValue(item, expected: "a path (text)", at: path))
        }
    }

    private static func versionValue(
        _ value: ParameterValue,
        at path: ParameterPath,
        issues: inout [JobIssue]
    ) -> ParameterValue? {
        switch value {
        case .string, .int, .double, .bool, .template: break
        case .null, .array, .object: issues.append(.wrongValue(value, expected: "text or a number", at: path))
        }
        return value
    }

    /// What is wrong with a path or pattern; `nil` if it can be one.
    package static func problem(ofPath text: String) -> JobIssue.Problem? {
        if text.isEmpty { return .empty(expected: "a path, or a pattern such as data/*.csv") }
        if text.utf8.contains(0) { return .rejectedValue(reason: "a path cannot have a NUL character") }
        if text == "~" || text.hasPrefix("~/") {
            return .rejectedValue(
                reason: "'~' is not expanded; write $ENV{HOME}\(text.dropFirst()), or ./\(text) for a file of that name"
            )
        }
        return nil
    }
}

extension Reuse: JobKeyValue {
    // Its values may be known in the run only.
    static func read(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Reuse? {
        convert(value, at: path, issues: &issues)
    }

    /// What is wrong with a value that was set in code.
    var fault: JobIssue.Problem? {
        var issues: [JobIssue] = []
        _ = describedValue.map { Self.convert($0, at: ParameterPath(), issues: &issues) }
        return issues.first.map { .rejectedValue(reason: "\($0.path): \($0.message)") }
    }
}

extension ParameterDescription {
    /// The same parameter, of another type.
    fileprivate func typed(_ type: TypeDescription) -> ParameterDescription {
        ParameterDescription(
            key: key,
            propertyName: propertyName,
            help: help,
            type: type,
            presence: presence,
            isSecret: isSecret
        )
    }
}
