@_spi(Reflection) import Swift

/// Types of parameters whose values no job file can hold.
enum UnsupportedParameter {
    /// Returns what to change about a type; `nil` if its values can come from a job file.
    static func advice(for type: Any.Type) -> String? {
        if let container = type as? any ParameterContainer.Type { return advice(for: container.elementType) }
        if type is any ConvertibleParameter.Type || type is any ParameterGroup.Type || type is any CustomParameter.Type
            || type is any RawRepresentable.Type || type is any Decodable.Type
        {
            return nil
        }
        return "a job file cannot contain a value of \(description(of: type))"
    }

    /// Returns what to change about an enumeration that is `Decodable` but has no raw values, and so is written as a
    /// mapping; `nil` for any other type.
    static func adviceAgainstMapping(for type: Any.Type) -> String? {
        guard TypeMetadata(type).isEnumeration, !(type is any RawRepresentable.Type) else { return nil }
        return rawValueAdvice(for: type)
    }

    private static func description(of type: Any.Type) -> String {
        switch TypeMetadata(type).kind {
        case .enum:
            "the enum \(type), because it has no raw values; " + rawValueAdvice(for: type)
        case .tuple:
            "the tuple \(type); use an array, or a struct that conforms to ParameterGroup"
        case .function:
            "the function type \(type); use an enum with raw values to choose between functions"
        case .existential:
            "any type that conforms to \(type); use a concrete type"
        case .class, .objcClassWrapper, .foreignClass:
            "the class \(type); make it Decodable, or use a struct that conforms to ParameterGroup"
        default:
            "the type \(type); make it Decodable, or make it a ParameterGroup and mark its properties with @Parameter"
        }
    }

    private static func rawValueAdvice(for type: Any.Type) -> String {
        "declare raw values, for example: enum \(TypeName.bare("\(type)")): String"
    }
}
