/// One or more texts. A job file can write a single text without a list.
///
/// ```yaml
/// include: fetch-*
/// exclude: [fetch-logs, "*-debug"]
/// ```
public struct TextList: Sendable, Hashable {
    /// The texts, in the order of the job file.
    public var values: [String]

    /// Creates a list.
    public init(_ values: [String] = []) {
        self.values = values
    }
}

extension TextList: ExpressibleByArrayLiteral, ExpressibleByStringLiteral {
    /// Creates a list of texts.
    public init(arrayLiteral elements: String...) { values = elements }

    /// Creates a list of one text.
    public init(stringLiteral value: String) { values = [value] }
}

extension TextList: CustomParameter {
    package static var expectation: String { "text, or a list of texts" }

    package static var typeDescription: TypeDescription { .either([.text, .list(.text, isSet: false)]) }

    package var describedValue: ParameterValue? { .array(values.map(ParameterValue.string)) }

    package static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        switch value {
        case .string(let text):
            return TextList([text])
        case .array:
            return ParameterConversion.convert(value, to: [String].self, at: path, issues: &issues).map { TextList($0) }
        default:
            issues.append(.wrongValue(value, expected: expectation, at: path))
            return nil
        }
    }
}
