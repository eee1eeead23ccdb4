package import FlowmancerCore

/// Writes a value as JSON.
package struct JSONWriter {
    package private(set) var text = ""
    private var path: [ParameterPath.Component] = []
    private let escapesVariables: Bool

    /// - Parameter escapesVariables: Whether the text is a job file, which has to read as an equal value.
    package init(escapesVariables: Bool) {
        self.escapesVariables = escapesVariables
    }

    /// Writes a whole file.
    ///
    /// - Throws: ``InvalidJobError`` if the value holds an infinite number, or none, for which JSON has no words.
    package mutating func write(_ root: ParameterValue) throws {
        try write(root, indentation: 0)
        text += "\n"
    }

    private mutating func write(_ value: ParameterValue, indentation: Int) throws {
        switch value {
        case .null: text += "null"
        case .bool(let value): text += "\(value)"
        case .int(let value): text += "\(value)"
        case .double(let value):
            guard value.isFinite else {
                let reason = "JSON cannot hold the number \(value); dump the job as YAML"
                throw InvalidJobError(issues: [JobIssue(.rejectedValue(reason: reason), at: ParameterPath(path))])
            }
            text += "\(value)"
        case .string(let value): writeText(value, isExpression: JobSection.isExpression(at: path))
        case .template(let template): writeText(template.description, isExpression: true)
        case .array(let items):
            guard !items.isEmpty else { return text += "[]" }
            for (index, item) in items.enumerated() {
                text += index == 0 ? "[" : ","
                breakLine(indentation + 2)
                path.append(.index(index))
                try write(item, indentation: indentation + 2)
                path.removeLast()
            }
            breakLine(indentation)
            text += "]"
        case .object(let members):
            guard !members.isEmpty else { return text += "{}" }
            for (position, (key, member)) in members.enumerated() {
                text += position == 0 ? "{" : ","
                breakLine(indentation + 2)
                writeText(key)
                text += ": "
                path.append(.key(key))
                try write(member, indentation: indentation + 2)
                path.removeLast()
            }
            breakLine(indentation)
            text += "}"
        }
    }

    private mutating func breakLine(_ indentation: Int) {
        text += "\n" + String(repeating: " ", count: indentation)
    }

    private mutating func writeText(_ string: String, isExpression: Bool = false) {
        text += "\""
        for scalar in (escapesVariables && !isExpression ? VariableExpander.escape(string) : string).unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case "\r": text += "\\r"
            case "\u{0}"..<" ", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
