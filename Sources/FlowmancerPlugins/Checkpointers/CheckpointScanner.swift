import FlowmancerSystem

/// Reads the pieces of the JSON texts that ``CheckpointEncoder`` writes, and of no others.
///
/// A piece that is not as expected is `nil`, and the scanner stays before or within it: its user gives up then.
struct CheckpointScanner {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    /// Passes a text over.
    mutating func skip(_ text: StaticString) -> Bool {
        guard text.utf8CodeUnitCount <= end - position else { return false }
        let found = text.withUTF8Buffer { expected in
            expected.indices.allSatisfy { expected[$0] == bytes[position + $0] }
        }
        if found { position += text.utf8CodeUnitCount }
        return found
    }

    /// Reads a JSON string.
    mutating func string() -> String? {
        guard skip("\"") else { return nil }
        let start = position
        var index = start
        while index < end, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\") { index += 1 }
        guard index < end else { return nil }
        guard bytes[index] == UInt8(ascii: "\\") else {
            position = index + 1
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }
        position = index
        return unescaped(Array(bytes[start..<index]))
    }

    private mutating func unescaped(_ start: [UInt8]) -> String? {
        var result = start
        while position < end {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = escape() else { return nil }
                result.append(escaped)
            default: result.append(byte)
            }
        }
        return nil
    }

    /// Reads what follows a backslash.
    private mutating func escape() -> UInt8? {
        if skip("\"") { return UInt8(ascii: "\"") }
        if skip("\\") { return UInt8(ascii: "\\") }
        if skip("n") { return UInt8(ascii: "\n") }
        guard skip("u00"), end - position >= 2, let high = ChecksummedLine.digit(bytes[position]),
            let low = ChecksummedLine.digit(bytes[position + 1])
        else { return nil }
        position += 2
        return UInt8(high << 4 | low)
    }

    /// Reads a whole number.
    mutating func integer() -> Int? {
        let isNegative = skip("-")
        let start = position
        var value = 0
        while position < end, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowOfSum) = product.addingReportingOverflow(digit)
            guard !overflow, !overflowOfSum else { return nil }
            value = sum
            position += 1
        }
        guard position > start else { return nil }
        return isNegative ? -value : value
    }

    /// Reads a JSON object whose values are strings.
    ///
    /// - Parameter count: How many members are likely.
    mutating func map<Value>(about count: Int = 0, _ value: (String) -> Value?) -> [String: Value]? {
        guard skip("{") else { return nil }
        var result: [String: Value] = [:]
        result.reserveCapacity(count)
        if skip("}") { return result }
        repeat {
            guard let key = string(), skip(":"), let text = string(), let converted = value(text) else { return nil }
            result[key] = converted
        } while skip(",")
        return skip("}") ? result : nil
    }
}
