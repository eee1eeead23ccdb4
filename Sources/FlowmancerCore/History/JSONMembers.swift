/// Writes the members of a JSON object, one after the other.
package struct JSONMembers {
    package private(set) var buffer: [UInt8] = [UInt8(ascii: "{")]

    package init() { buffer.reserveCapacity(160) }

    /// Ends the object.
    package consuming func finished() -> [UInt8] {
        buffer.append(UInt8(ascii: "}"))
        return buffer
    }

    /// The object as a value.
    package var json: JSONText { JSONText(rawValue: String(decoding: finished(), as: UTF8.self)) }

    package mutating func add(_ key: StaticString, _ text: String) {
        begin(key)
        JSONString.append(text, to: &buffer)
    }

    /// Adds nothing for `nil`.
    package mutating func add(_ key: StaticString, _ text: String?) {
        if let text { add(key, text) }
    }

    package mutating func add(_ key: StaticString, _ number: Int) {
        begin(key)
        append(number)
    }

    package mutating func add(_ key: StaticString, _ flag: Bool) {
        begin(key)
        buffer += (flag ? "true" : "false").utf8
    }

    /// Adds a value that is JSON already.
    package mutating func add(_ key: StaticString, _ value: JSONText) {
        begin(key)
        buffer += value.rawValue.utf8
    }

    package mutating func add(_ key: StaticString, _ texts: [String]) {
        add(key, texts) { text, members in JSONString.append(text, to: &members.buffer) }
    }

    package mutating func add(_ key: StaticString, _ numbers: [Int]) {
        add(key, numbers) { number, members in members.append(number) }
    }

    /// Adds a list.
    package mutating func add<Element>(
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
    package mutating func object(_ write: (inout JSONMembers) -> Void) {
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
