public import OrderedCollections

/// A value of a job file, before it is converted to the type of a parameter.
///
/// Use literals to build a job in code:
/// ```swift
/// let parameters: OrderedDictionary<String, ParameterValue> = ["retries": 3, "hosts": ["a", "b"]]
/// ```
public enum ParameterValue: Sendable, Hashable {
    /// No value.
    case null
    /// A truth value.
    case bool(Bool)
    /// A whole number.
    case int(Int)
    /// A number with a fraction.
    case double(Double)
    /// Text.
    case string(String)
    /// A list.
    case array([ParameterValue])
    /// A mapping, in the order of the file.
    case object(OrderedDictionary<String, ParameterValue>)
    /// A value that is known in the run only.
    case template(ValueTemplate)
}

extension ParameterValue: ExpressibleByNilLiteral {
    /// Creates an absent value.
    public init(nilLiteral: ()) { self = .null }
}

extension ParameterValue: ExpressibleByBooleanLiteral {
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension ParameterValue: ExpressibleByIntegerLiteral {
    /// Creates a whole number.
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension ParameterValue: ExpressibleByFloatLiteral {
    /// Creates a number with a fraction.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension ParameterValue: ExpressibleByStringInterpolation {
    /// Creates text.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension ParameterValue: ExpressibleByArrayLiteral {
    /// Creates a list.
    public init(arrayLiteral elements: ParameterValue...) { self = .array(elements) }
}

extension ParameterValue: ExpressibleByDictionaryLiteral {
    /// Creates a mapping.
    public init(dictionaryLiteral elements: (String, ParameterValue)...) {
        self = .object(OrderedDictionary(elements, uniquingKeysWith: { _, last in last }))
    }
}

extension ParameterValue: CustomStringConvertible {
    /// A short description of the value for messages, on one line.
    public var description: String {
        switch self {
        case .null: "nothing"
        case .bool(let value): "the truth value \(value)"
        case .int(let value): "the number \(value)"
        case .double(let value): "the number \(value)"
        case .string(let value):
            "the text \"\(String(value.prefix(60)).replacingScalars { $0 == "\n" ? "\\n" : nil })\(value.count > 60 ? "…" : "")\""
        case .array(let values): values.count == 1 ? "a list of one item" : "a list of \(values.count) items"
        case .object(let members): members.count == 1 ? "a mapping of one key" : "a mapping of \(members.count) keys"
        case .template(let template): "the value of \(template)"
        }
    }
}
