extension String {
    /// The text on one line, with its control characters shown instead of acting on a terminal: `\u{1B}[2J`.
    ///
    /// Names and values of a job go through this before people see them; they may hold anything. A byte of the system's that
    /// is not valid UTF-8 is shown as `\xE9`.
    package var printable: String { escaping { Self.isControl($0) } }

    /// The text with its control characters shown, line feeds and tabs excepted: for errors of others.
    package var printableLines: String { escaping { Self.isControl($0) && $0 != "\n" && $0 != "\t" } }

    private func escaping(_ isEscaped: (Unicode.Scalar) -> Bool) -> String {
        guard unicodeScalars.contains(where: isEscaped) else { return self }
        return unicodeScalars.reduce(into: "") { result, scalar in
            if let byte = scalar.systemByte {
                result += "\\x\(String(byte, radix: 16, uppercase: true))"
            } else {
                result +=
                    isEscaped(scalar) ? "\\u{\(String(scalar.value, radix: 16, uppercase: true))}" : String(scalar)
            }
        }
    }

    /// Also what turns the direction of writing: it can make a text read as another.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069: true
        default: scalar.systemByte != nil
        }
    }
}
