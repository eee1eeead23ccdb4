import struct FoundationEssentials.Date
import OrderedCollections

/// Writes the members of a JSON object, one after the other.
struct JSONMembers {
    private(set) var buffer: [UInt8] = [UInt8(ascii: "{")]

    init() { buffer.reserveCapacity(160) }

    /// Ends the object.
    consuming func finished() -> [UInt8] {
        buffer.append(UInt8(ascii: "}"))
        return buffer
    }

    var json: JSONText { JSONText(rawValue: String(decoding: finished(), as: UTF8.self)) }

    mutating func add(_ key: StaticString, _ text: String) {
        begin(key)
        JSONString.append(text, to: &buffer)
    }

    /// Adds nothing for `nil`.
    mutating func add(_ key: StaticString, _ text: String?) {
        if let text { add(key, text) }
    }

    mutating func add(_ key: StaticString, _ number: Int) {
        begin(key)
        append(number)
    }

    mutating func add(_ key: StaticString, _ flag: Bool) {
        begin(key)
        buffer += (flag ? "true" : "false").utf8
    }

    /// Adds a value that is JSON already.
    mutating func add(_ key: StaticString, _ value: JSONText) {
        begin(key)
        buffer += value.rawValue.utf8
    }

    mutating func add(_ key: StaticString, _ texts: [String]) {
        add(key, texts) { text, members in JSONString.append(text, to: &members.buffer) }
    }

    mutating func add(_ key: StaticString, _ numbers: [Int]) {
        add(key, numbers) { number, members in members.append(number) }
    }

    /// Adds a list.
    mutating func add<Element>(
        _ key: StaticString,
        _ elements: some Sequence<Element>,
        _ write: (Element, inout JSONMembers) -> Void
    ) {
        begin(key)
        buffer.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { buffer.append(UInt8(ascii: ",")) }
            isFirst = false
            write(element, &self)
        }
        buffer.append(UInt8(ascii: "]"))
    }

    /// Writes an object as an element of a list.
    mutating func object(_ write: (inout JSONMembers) -> Void) {
        buffer.append(UInt8(ascii: "{"))
        write(&self)
        buffer.append(UInt8(ascii: "}"))
    }

    private mutating func begin(_ key: StaticString) {
        if buffer.last != UInt8(ascii: "{") { buffer.append(UInt8(ascii: ",")) }
        buffer.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { buffer.append(contentsOf: $0) }
        buffer.append(UInt8(ascii: "\""))
        buffer.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ number: Int) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { digits in
            var (rest, start) = (number.magnitude, digits.count)
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            } while rest > 0
            if number < 0 { buffer.append(UInt8(ascii: "-")) }
            buffer.append(contentsOf: digits[start...])
        }
    }
}

/// The members of a JSON object that was stored. Those that nobody asks for, which a newer version wrote, do no harm.
struct StoredMembers {
    private let members: OrderedDictionary<String, ParameterValue>

    /// Reads an object; `nil` if the text is something else.
    init?(_ json: JSONText) {
        guard let value = ParameterValue(json: json) else { return nil }
        self.init(value)
    }

    init?(_ value: ParameterValue) {
        guard case .object(let members) = value else { return nil }
        self.members = members
    }

    func value(_ key: String) -> ParameterValue? { members[key] }

    func text(_ key: String) -> String? {
        if case .string(let text)? = members[key] { text } else { nil }
    }

    func integer(_ key: String) -> Int? {
        if case .int(let number)? = members[key] { number } else { nil }
    }

    func flag(_ key: String) -> Bool {
        if case .bool(let flag)? = members[key] { flag } else { false }
    }

    func list(_ key: String) -> [ParameterValue] {
        if case .array(let items)? = members[key] { items } else { [] }
    }

    func texts(_ key: String) -> [String] {
        list(key).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }

    func integers(_ key: String) -> [Int] {
        list(key).compactMap { if case .int(let number) = $0 { number } else { nil } }
    }
}

extension Date {
    /// The time as it is stored: a microsecond is the least that counts.
    package var microsecondsSince1970: Int { Int((timeIntervalSince1970 * 1_000_000).rounded()) }

    package init(microsecondsSince1970 microseconds: Int) {
        self.init(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}
