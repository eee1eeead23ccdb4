import FoundationEssentials

extension TypeDescription {
    /// The type that converts values of a form without parts that other types share.
    var scalarType: (any ConvertibleParameter.Type)? {
        switch self {
        case .text: String.self
        case .boolean: Bool.self
        case .number: Double.self
        case .duration: Duration.self
        case .date: Date.self
        case .url: URL.self
        default: nil
        }
    }

    /// Returns what a value of a job file is converted to: a number for the text of one, say.
    ///
    /// Text that stands for itself, and what does not fit, stays as it is.
    package func reading(of value: ParameterValue) -> ParameterValue {
        switch self {
        case .boolean: Bool(scalar: value).map(ParameterValue.bool) ?? value
        case .integer: Int(scalar: value).map(ParameterValue.int) ?? value
        case .number: Double(scalar: value).map(ParameterValue.double) ?? value
        case .optional(let wrapped): value == .null ? value : wrapped.reading(of: value)
        case .worded(let inner, _): inner.reading(of: value)
        default: value
        }
    }
}
