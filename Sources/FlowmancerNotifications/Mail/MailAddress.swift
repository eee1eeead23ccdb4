/// An address of electronic mail, `local@domain`, that cannot break a command or a header apart.
package struct MailAddress: Sendable, Hashable {
    package let text: String

    /// Takes an address.
    ///
    /// - Returns: `nil` if the text is none, or holds blanks, control characters, or what delimits addresses.
    package init?(_ text: String) {
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0...0x20, 0x7F...0xA0, 0x2028...0x202E, 0x2066...0x2069: false
            default: !Self.delimiters.contains(scalar)
            }
        }
        guard isClean, text.utf8.count <= 254, let at = text.firstIndex(of: "@"), at > text.startIndex,
            text.lastIndex(of: "@") == at, text.index(after: at) < text.endIndex
        else { return nil }
        self.text = text
    }

    /// Whether a server has to know SMTPUTF8 to take it.
    package var isInternational: Bool { text.utf8.contains { $0 >= 0x80 } }

    private static let delimiters = Set("<>()[],;:\\\"".unicodeScalars)
}
