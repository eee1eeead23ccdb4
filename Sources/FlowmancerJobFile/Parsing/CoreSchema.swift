import FlowmancerCore

/// Tells the types of unquoted scalars apart, as YAML 1.2's core schema does.
///
/// `yes`, `no`, `on` and `off` are text. An integer that does not fit is a floating-point number.
enum CoreSchema {
    static func resolve(_ text: String) -> ParameterValue {
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"):
            return ["~", "null", "Null", "NULL"].contains(text) ? .null : .string(text)
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return ["true", "True", "TRUE"].contains(text) ? .bool(true) : .string(text)
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return ["false", "False", "FALSE"].contains(text) ? .bool(false) : .string(text)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            return number(text) ?? .string(text)
        default:
            return .string(text)
        }
    }

    private static func number(_ text: String) -> ParameterValue? {
        if text.hasPrefix("0x") { return integer(text.dropFirst(2), radix: 16) }
        if text.hasPrefix("0o") { return integer(text.dropFirst(2), radix: 8) }
        var rest = text.utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        switch Substring(rest) {
        case ".inf", ".Inf", ".INF": return .double(isNegative ? -.infinity : .infinity)
        case ".nan", ".NaN", ".NAN": return rest.count == text.utf8.count ? .double(.nan) : nil
        default: break
        }

        let whole = skipDigits(&rest)
        if rest.isEmpty {
            guard whole > 0 else { return nil }
            return Int(text).map(ParameterValue.int) ?? Double(text).map(ParameterValue.double)
        }
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = skipDigits(&rest)
        }
        guard whole + fraction > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
            guard skipDigits(&rest) > 0 else { return nil }
        }
        guard rest.isEmpty else { return nil }
        return Double(text).map(ParameterValue.double)
    }

    private static func skipDigits(_ rest: inout Substring.UTF8View) -> Int {
        let count = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }.count
        rest = rest.dropFirst(count)
        return count
    }

    private static func integer(_ digits: Substring, radix: Int) -> ParameterValue? {
        guard let first = digits.utf8.first, first != UInt8(ascii: "-"), first != UInt8(ascii: "+") else { return nil }
        if let value = Int(digits, radix: radix) { return .int(value) }
        var total = 0.0
        for digit in digits {
            guard digit.isASCII, let value = digit.hexDigitValue, value < radix else { return nil }
            total = total * Double(radix) + Double(value)
        }
        return .double(total)
    }
}
