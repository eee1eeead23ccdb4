/// Colours for parts of a line, or none.
package struct TerminalStyle: Sendable, Hashable {
    /// What a part of a line is, which decides on its colour.
    package enum Role: String, Sendable {
        case good = "32"
        case bad = "31"
        case warning = "33"
        case active = "36"
        case faint = "2"
        case strong = "1"
    }

    /// Whether colours are used.
    package var isColoured: Bool
    /// Whether the terminal shows more than ASCII.
    package var isUnicode: Bool

    package init(isColoured: Bool, isUnicode: Bool) {
        self.isColoured = isColoured
        self.isUnicode = isUnicode
    }

    /// Text for files and pipes.
    package static let plain = TerminalStyle(isColoured: false, isUnicode: true)

    /// Colours a text.
    package func paint(_ text: String, _ role: Role) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
    }
}
