/// A type whose values come from one scalar.
protocol ScalarParameter: ConvertibleParameter {
    init?(scalar value: ParameterValue)
}

extension ScalarParameter {
    static func convert(_ value: ParameterValue, at path: ParameterPath, issues: inout [JobIssue]) -> Self? {
        if let result = Self(scalar: value) { return result }
        issues.append(.wrongValue(value, expected: ParameterConversion.expectation(of: Self.self), at: path))
        return nil
    }
}

extension String: ScalarParameter {
    init?(scalar value: ParameterValue) {
        guard case .string(let text) = value else { return nil }
        self = text
    }
}

extension Bool: ScalarParameter {
    init?(scalar value: ParameterValue) {
        switch value {
        case .bool(let value): self = value
        case .int(0), .double(0): self = false
        case .int(1), .double(1): self = true
        case .string(let text):
            switch text.lowercased() {
            case "true", "t", "yes", "y", "on", "1": self = true
            case "false", "f", "no", "n", "off", "0": self = false
            default: return nil
            }
        default: return nil
        }
    }
}

/// The number that a text holds, without blanks around it and underscores between its digits; `nil` for a hexadecimal
/// one, which Swift would read but job files do not have.
private func numeral(in text: String) -> String? {
    var text = Substring(text)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    guard !text.contains(where: { $0 == "x" || $0 == "X" }) else { return nil }
    return text.filter { $0 != "_" }
}

extension ScalarParameter where Self: FixedWidthInteger {
    init?(scalar value: ParameterValue) {
        switch value {
        case .int(let value): self.init(exactly: value)
        case .double(let value): self.init(exactly: value)
        case .string(let text):
            guard let digits = numeral(in: text) else { return nil }
            if let value = Self(digits) {
                self = value
            } else if let value = Double(digits), let exact = Self(exactly: value) {
                self = exact
            } else {
                return nil
            }
        default: return nil
        }
    }
}

extension Int: ScalarParameter {}
extension Int8: ScalarParameter {}
extension Int16: ScalarParameter {}
extension Int32: ScalarParameter {}
extension Int64: ScalarParameter {}
extension UInt: ScalarParameter {}
extension UInt8: ScalarParameter {}
extension UInt16: ScalarParameter {}
extension UInt32: ScalarParameter {}
extension UInt64: ScalarParameter {}

extension ScalarParameter where Self: BinaryFloatingPoint & LosslessStringConvertible {
    init?(scalar value: ParameterValue) {
        switch value {
        case .int(let value): self = Self(value)
        case .double(let value): self = Self(value)
        case .string(let text):
            guard let value = numeral(in: text).flatMap({ Self($0) }) else { return nil }
            self = value
        default: return nil
        }
    }
}

extension Double: ScalarParameter {}
extension Float: ScalarParameter {}

extension Duration: ScalarParameter {
    init?(scalar value: ParameterValue) {
        if let seconds = Double(scalar: value) {
            guard (0...Self.longestSetting).contains(seconds) else { return nil }
            self.init(nearestTo: seconds)
        } else if case .string(let text) = value, let duration = Duration(parsing: text) {
            self = duration
        } else {
            return nil
        }
    }
}
