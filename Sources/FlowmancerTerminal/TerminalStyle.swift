import FlowmancerCore

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
    package func paint(_ text: String, _ role: Role) -> String { paint(text, code: role.rawValue) }

    /// Colours a text that is named, in a colour that is always the same for one name.
    package func paint(_ text: String, as name: String) -> String {
        var hash = StableHash()
        hash.combine(bytes: name.utf8)
        return paint(text, code: Self.nameCodes[hash.index(below: Self.nameCodes.count)])
    }

    /// The colours of names: without red, which is for errors, and what is hard to read on white or black.
    private static let nameCodes = ["32", "33", "34", "35", "36", "92", "93", "94", "95", "96"]

    private func paint(_ text: String, code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
