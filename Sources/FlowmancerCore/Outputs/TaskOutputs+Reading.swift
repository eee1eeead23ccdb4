// What a command leaves in its file: a JSON object, or lines.
//
// ```
// rows=42                   the text "42"
// regions+=eu               a list, which grows by a text
// {"rows": 42}              or all at once, with types
// ```
extension TaskOutputs {
    /// Reads the file of a command.
    ///
    /// - Throws: ``OutputError`` with the line that is not as it should be.
    package init(fileOf command: [UInt8]) throws(OutputError) {
        if let invalid = Self.firstInvalidByte(command) {
            throw OutputError.line(JSONScanner.line(of: invalid, in: command), "is not UTF-8")
        }
        let first = command.first { !JSONScanner.isBlank($0) }
        if first == UInt8(ascii: "{") {
            try self.init(object: command)
        } else {
            try self.init(lines: command)
        }
    }

    /// Reads a JSON object.
    init(object bytes: [UInt8]) throws(OutputError) {
        self.init()
        func error(at offset: Int, _ problem: String) -> OutputError {
            OutputError.line(JSONScanner.line(of: offset, in: bytes), problem)
        }
        let members: [(name: Range<Int>, value: Range<Int>)]
        do throws(JSONScanner.Problem) {
            var scanner = JSONScanner(bytes)
            members = try scanner.object()
        } catch {
            throw OutputError.line(JSONScanner.line(of: error.offset, in: bytes), "is not valid JSON: \(error.text)")
        }
        values.reserveCapacity(members.count)
        for (name, value) in members {
            let text = String(decoding: bytes[name], as: UTF8.self)
            guard Self.isName(text) else { throw error(at: name.lowerBound, Self.badName(text)) }
            guard values[text] == nil else { throw error(at: name.lowerBound, "has the name '\(text)' again") }
            values[text] = JSONText(rawValue: String(decoding: bytes[value], as: UTF8.self))
        }
    }

    /// Reads lines `name=value` and `name+=value`. Blank lines say nothing.
    private init(lines bytes: [UInt8]) throws(OutputError) {
        self.init()
        var texts = OrderedLines()
        var number = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
            guard line.contains(where: { !JSONScanner.isBlank($0) }) else { continue }
            guard let sign = line.firstIndex(of: UInt8(ascii: "=")) else {
                let start = String(decoding: line.prefix(60), as: UTF8.self).printable
                let form = "expected name=value, name+=value, or one JSON object"
                throw OutputError.line(number, "is \"\(start)\(line.count > 60 ? "…" : "")\"; \(form)")
            }
            let isAddition = sign > line.startIndex && line[sign - 1] == UInt8(ascii: "+")
            let name = String(decoding: line[..<(isAddition ? sign - 1 : sign)], as: UTF8.self)
            guard Self.isName(name) else { throw OutputError.line(number, Self.badName(name)) }
            let text = String(decoding: line[(sign + 1)...], as: UTF8.self)
            if let other = texts.add(text, to: name, asItem: isAddition, in: number) {
                let problem =
                    isAddition
                    ? "adds to '\(name)' with +=, but line \(other) set it with ="
                    : "sets '\(name)' with =, but line \(other) made a list of it with +="
                throw OutputError.line(number, problem)
            }
        }
        for (name, value) in texts.values { values[name] = value.json }
    }

    private static func badName(_ name: String) -> String {
        let shown = name.isEmpty ? "has a value without a name" : "has the name '\(String(name.prefix(60)).printable)'"
        return "\(shown); a name has letters, digits, _ and -, and begins with a letter or _"
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        // The replacement of what is invalid is the first difference.
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        return zip(bytes, repaired).enumerated().first { $1.0 != $1.1 }?.offset ?? bytes.count
    }
}

/// The values of lines, and where each got its form.
private struct OrderedLines {
    private var entries: [(name: String, value: ParameterValue, line: Int)] = []
    private var places: [String: Int] = [:]

    var values: [(String, ParameterValue)] { entries.map { ($0.name, $0.value) } }

    /// - Returns: The line that gave the name another form.
    mutating func add(_ text: String, to name: String, asItem: Bool, in line: Int) -> Int? {
        guard let place = places[name] else {
            places[name] = entries.count
            entries.append((name, asItem ? .array([.string(text)]) : .string(text), line))
            return nil
        }
        switch entries[place].value {
        case .array(var items) where asItem:
            // Not copied: a list may have very many lines.
            entries[place].value = .null
            items.append(.string(text))
            entries[place].value = .array(items)
        case .string where !asItem:
            entries[place].value = .string(text)
        default:
            return entries[place].line
        }
        return nil
    }
}
