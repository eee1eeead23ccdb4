/// The ways of writing text in YAML.
enum YAMLText {
    /// Whether text can stand without quotes and is text to every reader of YAML, old ones included.
    static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "/") || first == UInt8(ascii: "_"),
            text.utf8.last != UInt8(ascii: " ")
        else { return false }
        let marks = Array("_-./+@=, ".utf8)
        guard text.utf8.allSatisfy({ isLetter($0) || isDigit($0) || marks.contains($0) }) else { return false }
        return text.utf8.count > 5 || !reserved.contains(text.lowercased())
    }

    private static let reserved: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isLetter(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    /// Returns text in double quotes.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += escape(scalar)
                }
            }
        }
        return result + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xffff ? 8 : 4
        return (width == 8 ? "\\U" : "\\u") + String(repeating: "0", count: width - digits.count) + digits
    }

    /// Returns text of several lines as a literal block; `nil` if only quotes can hold it.
    static func literalBlock(_ text: String, indentation: Int) -> String? {
        guard text.utf8.contains(UInt8(ascii: "\n")) else { return nil }
        guard text.unicodeScalars.allSatisfy({ $0 == "\n" || $0 == "\t" || isPrintable($0) }) else { return nil }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        let endsLine = lines.last?.isEmpty == true
        if endsLine { lines.removeLast() }
        guard let first = lines.first, let last = lines.last, !last.isEmpty, first.first.map(isBlank) == false,
            lines.allSatisfy({ $0.isEmpty || !$0.allSatisfy(isBlank) })
        else { return nil }
        let margin = String(repeating: " ", count: max(indentation, 2))
        let block = lines.map { $0.isEmpty ? "" : margin + String($0) }.joined(separator: "\n")
        return (endsLine ? "|\n" : "|-\n") + block
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t"
    }

    /// Whether a character may stand in a YAML file as it is, and is no line break.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7e, 0xa0...0x2027, 0x202a...0xd7ff, 0xe000...0xfefe, 0xff00...0xfffd, 0x1_0000...: true
        default: false
        }
    }
}
