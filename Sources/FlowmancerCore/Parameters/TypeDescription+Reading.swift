extension TypeDescription {
    /// Returns what a value of a job file is converted to: a number for the text of one, say.
    ///
    /// Text that stands for itself, and what does not fit, stays as it is.
    package func reading(of value: ParameterValue) -> ParameterValue {
        func converted<Value>(_ type: Value.Type) -> Value? {
            var issues: [JobIssue] = []
            return ParameterConversion.convert(value, to: type, at: ParameterPath(), issues: &issues)
        }
        switch self {
        case .boolean: return converted(Bool.self).map(ParameterValue.bool) ?? value
        case .integer: return converted(Int.self).map(ParameterValue.int) ?? value
        case .number: return converted(Double.self).map(ParameterValue.double) ?? value
        case .optional(let wrapped): return value == .null ? value : wrapped.reading(of: value)
        default: return value
        }
    }
}
