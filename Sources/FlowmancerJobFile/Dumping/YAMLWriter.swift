import FlowmancerCore

/// Writes a value as YAML that reads as an equal value, whatever its texts look like.
struct YAMLWriter {
    private(set) var text = ""
    private var path: [ParameterPath.Component] = []

    /// Writes a whole file.
    mutating func write(_ root: ParameterValue) {
        writeBlock(root, indentation: 0)
    }

    /// Writes a value that begins where the line is now, and ends the line.
    private mutating func writeBlock(_ value: ParameterValue, indentation: Int) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for (position, (key, member)) in members.enumerated() {
                if position > 0 { indent(indentation) }
                let name = Self.withVariablesEscaped(key, Self.scalar)
                if name.utf8.count > 900 {
                    // A longer key cannot stand before ':' on its line.
                    text += "? \(name)\n"
                    indent(indentation)
                } else {
                    text += name
                }
                text += ":"
                path.append(.key(key))
                writeMember(member, indentation: indentation + 2)
                path.removeLast()
            }
        case .array(let items) where !items.isEmpty:
            for (position, item) in items.enumerated() {
                if position > 0 { indent(indentation) }
                text += "- "
                path.append(.index(position))
                writeBlock(item, indentation: indentation + 2)
                path.removeLast()
            }
        case .string(let string) where JobSection.isExpression(at: path):
            text += Self.scalar(string)
            text += "\n"
        case .string(let string):
            text += Self.withVariablesEscaped(string) { string in
                YAMLText.literalBlock(string, indentation: indentation) ?? Self.scalar(string)
            }
            text += "\n"
        default:
            text += Self.scalar(value)
            text += "\n"
        }
    }

    private mutating func writeMember(_ member: ParameterValue, indentation: Int) {
        switch member {
        case .object(let members) where !members.isEmpty:
            text += "\n"
            indent(indentation)
        case .array(let items) where !items.isEmpty:
            text += "\n"
            indent(indentation)
        default:
            text += " "
        }
        writeBlock(member, indentation: indentation)
    }

    private mutating func indent(_ count: Int) {
        text += String(repeating: " ", count: count)
    }

    private static func scalar(_ value: ParameterValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .int(let value): "\(value)"
        case .double(let value):
            value.isNaN ? ".nan" : value.isInfinite ? (value < 0 ? "-.inf" : ".inf") : "\(value)"
        case .string(let value): scalar(value)
        case .template(let template): "!sub \(YAMLText.quoted(template.description))"
        case .array: "[]"
        case .object: "{}"
        }
    }

    /// Writes text so that nobody takes what looks like a variable in it for one.
    private static func withVariablesEscaped(_ string: String, _ write: (String) -> String) -> String {
        guard VariableScanner.findsVariables(in: string) else { return write(string) }
        return "!sub " + write(VariableExpander.escape(string))
    }

    private static func scalar(_ string: String) -> String {
        YAMLText.isPlain(string) ? string : YAMLText.quoted(string)
    }
}
