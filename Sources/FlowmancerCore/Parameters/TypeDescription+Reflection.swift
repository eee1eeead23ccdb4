extension GroupDescription {
    /// Describes the parameters and outputs of a type, as an instance of it has them.
    package init(of type: any ParameterGroup.Type) {
        self.init(of: type, within: [])
    }

    /// - Parameter outer: The groups that are being described.
    fileprivate init(of type: any ParameterGroup.Type, within outer: Set<ObjectIdentifier>) {
        let outer = outer.union([ObjectIdentifier(type)])
        let instance = type.init()
        let parameters = ParameterBinder.parameters(of: instance).map { entry in
            let parameter = entry.parameter
            let shown = parameter.isSecret ? nil : parameter.value.flatMap(ParameterValue.init(describing:))
            return ParameterDescription(
                key: entry.key,
                propertyName: entry.propertyName,
                help: parameter.help,
                type: TypeDescription(of: parameter.valueType, within: outer),
                presence: parameter.isRequired ? .required : .optional(default: shown),
                isSecret: parameter.isSecret,
                keepsVariables: (parameter.valueType as? any CustomParameter.Type)?.keepsVariables ?? false
            )
        }
        let outputs = ParameterBinder.outputs(of: instance).map { entry in
            OutputDescription(
                key: entry.key,
                propertyName: entry.propertyName,
                help: entry.output.help,
                type: TypeDescription(of: Swift.type(of: entry.output).valueType, within: outer)
            )
        }
        self.init(
            typeName: TypeName.qualified(type),
            abstract: type.abstract,
            parameters: parameters,
            outputs: outputs
        )
    }
}

extension TypeDescription {
    /// Describes a type of parameters.
    package init(of type: Any.Type) {
        self.init(of: type, within: [])
    }

    /// - Parameter outer: The groups that are being described.
    init(of type: Any.Type, within outer: Set<ObjectIdentifier>) {
        if let container = type as? any DescribedContainer.Type {
            self = container.description(within: outer)
        } else if let described = type as? any DescribedParameter.Type {
            self = described.typeDescription
        } else if let group = type as? any ParameterGroup.Type {
            self =
                outer.contains(ObjectIdentifier(group))
                ? .enclosingGroup(TypeName.qualified(group)) : .group(GroupDescription(of: group, within: outer))
        } else if let custom = type as? any CustomParameter.Type {
            self = .worded(custom.typeDescription, expectation: custom.expectation)
        } else if let enumeration = type as? any RawRepresentable.Type {
            self = Self.description(ofRaw: enumeration, within: outer)
        } else {
            self = .custom(typeName: TypeName.bare(TypeName.qualified(type)))
        }
    }

    private static func description<Value: RawRepresentable>(
        ofRaw type: Value.Type,
        within outer: Set<ObjectIdentifier>
    ) -> TypeDescription {
        if let choices = EnumerationCases.rawValues(of: type)?.compactMap({ ParameterValue(describing: $0) }),
            !choices.isEmpty
        {
            return .choice(choices)
        }
        return TypeDescription(of: Value.RawValue.self, within: outer)
    }
}

/// A type whose form in a job file is always the same.
protocol DescribedParameter {
    static var typeDescription: TypeDescription { get }
}

extension String: DescribedParameter {
    static var typeDescription: TypeDescription { .text }
}

extension Bool: DescribedParameter {
    static var typeDescription: TypeDescription { .boolean }
}

extension DescribedParameter where Self: FixedWidthInteger {
    static var typeDescription: TypeDescription {
        // Integers of a job file are those of `Int`: its bounds say nothing.
        let minimum = Int(exactly: Self.min).flatMap { $0 == Int.min ? nil : $0 }
        let maximum = Int(exactly: Self.max).flatMap { $0 == Int.max ? nil : $0 }
        return .integer(minimum: minimum, maximum: maximum)
    }
}

extension Int: DescribedParameter {}
extension Int8: DescribedParameter {}
extension Int16: DescribedParameter {}
extension Int32: DescribedParameter {}
extension Int64: DescribedParameter {}
extension UInt: DescribedParameter {}
extension UInt8: DescribedParameter {}
extension UInt16: DescribedParameter {}
extension UInt32: DescribedParameter {}
extension UInt64: DescribedParameter {}

extension Double: DescribedParameter {
    static var typeDescription: TypeDescription { .number }
}

extension Float: DescribedParameter {
    static var typeDescription: TypeDescription { .number }
}

extension Duration: DescribedParameter {
    static var typeDescription: TypeDescription { .duration }
}

extension TimeLimit: DescribedParameter {
    static var typeDescription: TypeDescription {
        let expectation = "\(TypeDescription.duration.expectation), or \(unlimitedWord) for no limit"
        return .worded(.either([.duration, .word(unlimitedWord)]), expectation: expectation)
    }
}

extension ParameterValue: DescribedParameter {
    static var typeDescription: TypeDescription { .any }
}

/// A type that is described by what it holds.
protocol DescribedContainer {
    static func description(within outer: Set<ObjectIdentifier>) -> TypeDescription
}

extension Optional: DescribedContainer {
    static func description(within outer: Set<ObjectIdentifier>) -> TypeDescription {
        let wrapped = TypeDescription(of: Wrapped.self, within: outer)
        if case .optional = wrapped { return wrapped }
        return .optional(wrapped)
    }
}

extension Array: DescribedContainer {
    static func description(within outer: Set<ObjectIdentifier>) -> TypeDescription {
        .list(TypeDescription(of: Element.self, within: outer), isSet: false)
    }
}

extension Set: DescribedContainer {
    static func description(within outer: Set<ObjectIdentifier>) -> TypeDescription {
        .list(TypeDescription(of: Element.self, within: outer), isSet: true)
    }
}

extension Dictionary: DescribedContainer {
    static func description(within outer: Set<ObjectIdentifier>) -> TypeDescription {
        .mapping(
            key: TypeDescription(of: Key.self, within: outer),
            value: TypeDescription(of: Value.self, within: outer)
        )
    }
}
