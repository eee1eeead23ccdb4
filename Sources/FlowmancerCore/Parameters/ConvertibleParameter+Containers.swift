import OrderedCollections

extension Optional: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Wrapped?? {
        if case .null = value { return .some(.none) }
        return ParameterConversion.convert(value, to: Wrapped.self, at: path, issues: &issues).map(Optional.some)
    }
}

extension Array: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> [Element]? {
        guard case .array(let values) = value else {
            issues.append(.wrongValue(value, expected: ParameterConversion.expectation(of: Self.self), at: path))
            return nil
        }
        let before = issues.count
        let elements = values.enumerated().compactMap { index, value in
            ParameterConversion.convert(value, to: Element.self, at: path.appending(index), issues: &issues)
        }
        return issues.count == before ? elements : nil
    }
}

extension Set: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Set<Element>? {
        [Element].convert(value, at: path, issues: &issues).map { Set($0) }
    }
}

extension Dictionary: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> [Key: Value]? {
        guard case .object(let members) = value else {
            issues.append(.wrongValue(value, expected: ParameterConversion.expectation(of: Self.self), at: path))
            return nil
        }
        let before = issues.count
        var result: [Key: Value] = [:]
        for (name, member) in members {
            let memberPath = path.appending(name)
            let key = ParameterConversion.convert(.string(name), to: Key.self, at: memberPath, issues: &issues)
            let value = ParameterConversion.convert(member, to: Value.self, at: memberPath, issues: &issues)
            if let key, let value { result[key] = value }
        }
        return issues.count == before ? result : nil
    }
}

/// A type whose values hold values of another type that stand in a job file.
protocol ParameterContainer {
    static var elementType: Any.Type { get }
}

extension Optional: ParameterContainer {
    static var elementType: Any.Type { Wrapped.self }
}

extension Array: ParameterContainer {
    static var elementType: Any.Type { Element.self }
}

extension Set: ParameterContainer {
    static var elementType: Any.Type { Element.self }
}

extension Dictionary: ParameterContainer {
    static var elementType: Any.Type { Value.self }
}

extension ParameterValue: ConvertibleParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> ParameterValue? {
        value
    }
}
