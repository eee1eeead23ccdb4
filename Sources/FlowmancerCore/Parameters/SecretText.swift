import FoundationEssentials

/// The texts by which a secret could be recognised in output.
package enum SecretText {
    /// What is shown instead of a secret.
    package static let mask = "***"

    /// The length in bytes below which a text is not masked: it would be found in half of all output.
    package static let minimumLength = 4

    /// Returns the lines of a secret that are long enough to be masked, without the blanks around them.
    ///
    /// Output is looked at line by line, and tools often drop the blanks around a token.
    package static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingPrefix(while: \.isWhitespace) }
            .map { line in String(line.reversed().drop(while: \.isWhitespace).reversed()) }
            .filter { $0.utf8.count >= minimumLength }
    }

    /// Adds the texts of a value as the job file has it.
    static func collect(_ value: ParameterValue, into texts: inout Set<String>) {
        switch value {
        case .null, .bool: break
        case .template(let template):
            for piece in template.pieces {
                switch piece {
                // What is secret is what the run fills in: the text around it may be `https://`.
                case .text: break
                case .value(_, let value): collect(value, into: &texts)
                case .reference(let reference):
                    if let fallback = reference.defaultValue { collect(fallback, into: &texts) }
                }
            }
        case .int(let value): texts.insert("\(value)")
        case .double(let value): texts.insert("\(value)")
        case .string(let value): texts.insert(value)
        case .array(let values): for value in values { collect(value, into: &texts) }
        case .object(let members): for value in members.values { collect(value, into: &texts) }
        }
    }

    /// Adds the texts of a parameter's value as a task has it, by the scalars in it.
    ///
    /// - Parameter isSecret: Whether the value itself is secret, or only what is marked so in the groups that it holds.
    static func collect(fromInstance value: Any, isSecret: Bool, into texts: inout Set<String>) {
        if let group = value as? any ParameterGroup {
            for entry in ParameterBinder.parameters(of: group) {
                guard let value = entry.parameter.value else { continue }
                collect(fromInstance: value, isSecret: isSecret || entry.parameter.isSecret, into: &texts)
            }
            return
        }
        if isSecret, let text = text(ofScalar: value) {
            texts.insert(text)
            return
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .dictionary:
            // Each child is a pair; keys are names.
            for child in mirror.children {
                guard let member = Mirror(reflecting: child.value).children.dropFirst().first else { continue }
                collect(fromInstance: member.value, isSecret: isSecret, into: &texts)
            }
        case .optional, .collection, .set:
            for child in mirror.children { collect(fromInstance: child.value, isSecret: isSecret, into: &texts) }
        case .struct, .tuple, .enum:
            guard isSecret, !(value is Data), !(value is Date), !(value is Duration) else { return }
            for child in mirror.children { collect(fromInstance: child.value, isSecret: true, into: &texts) }
        default:
            break
        }
    }

    private static func text(ofScalar value: Any) -> String? {
        switch value {
        case let text as String: text
        case let url as URL: url.absoluteString
        case let number as any BinaryInteger: "\(number)"
        case let number as any BinaryFloatingPoint: "\(number)"
        default: nil
        }
    }
}
