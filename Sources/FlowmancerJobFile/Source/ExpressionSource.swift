/// The text of an expression, with what is needed to find a character of it in the file.
///
/// An object, since few scalars are expressions.
final class ExpressionSource: Sendable {
    let text: String
    /// What the scalar is where no expression is expected.
    let ordinary: SourceNode.Content
    /// The scalar as the file has it, with its quotes but without the line that begins a block.
    private let written: String
    private let start: SourceMark
    private let isBlock: Bool

    init(
        _ text: String,
        ordinary: SourceNode.Content,
        written: String,
        from start: SourceMark,
        isBlock: Bool = false
    ) {
        self.text = text
        self.ordinary = ordinary
        self.written = written
        self.start = start
        self.isBlock = isBlock
    }

    /// Returns the place of a character of the text; that of the scalar if it cannot be told.
    func mark(at offset: Int) -> SourceMark {
        var walk = Walk(text: Array(text.unicodeScalars), written: Array(written.unicodeScalars), isBlock: isBlock)
        guard let position = walk.position(of: offset) else { return start }
        return start.advanced(over: walk.written[..<position])
    }

    /// Goes through a text and what the file has for it, side by side.
    private struct Walk {
        let text: [Unicode.Scalar]
        let written: [Unicode.Scalar]
        /// The quote around the scalar, if there is one.
        private var quote: Unicode.Scalar?
        private var position = 0

        init(text: [Unicode.Scalar], written: [Unicode.Scalar], isBlock: Bool) {
            self.text = text
            self.written = written
            guard !isBlock else { return }
            // Tags and anchors stand before the scalar.
            while let scalar = current, scalar == "!" || scalar == "&" {
                while let scalar = current, !Self.isBlank(scalar) { position += 1 }
                skipBlanks()
            }
            if current == "'" || current == "\"" {
                quote = current
                position += 1
            }
        }

        private var current: Unicode.Scalar? { position < written.count ? written[position] : nil }
        private var following: Unicode.Scalar? { position + 1 < written.count ? written[position + 1] : nil }

        /// Returns where a character of the text stands in what is written; `nil` if both do not fit together.
        mutating func position(of offset: Int) -> Int? {
            var index = 0
            while index < min(offset, text.count) {
                if Self.isBlank(text[index]) {
                    // How blanks are written depends on line breaks and indentation: all of them go together.
                    let before = position
                    skipBlanks()
                    guard position > before else { return nil }
                    while index < text.count, Self.isBlank(text[index]) { index += 1 }
                } else {
                    skipBlanks()
                    guard take(text[index]) else { return nil }
                    index += 1
                }
            }
            if offset < text.count, !Self.isBlank(text[offset]) { skipBlanks() }
            return min(position, written.count)
        }

        private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
            if quote == "\"", current == "\\" {
                skipEscape()
                return true
            }
            guard current == scalar else { return false }
            position += scalar == "'" && quote == "'" ? 2 : 1
            return true
        }

        private mutating func skipBlanks() {
            while let scalar = current {
                if Self.isBlank(scalar) {
                    position += 1
                } else if quote == "\"", scalar == "\\", let next = following,
                    Self.isBlank(next) || "ntrvfNLP_".unicodeScalars.contains(next)
                {
                    position += 2
                } else {
                    return
                }
            }
        }

        private mutating func skipEscape() {
            let digits: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
            let isFirstHalf =
                following == "u" && position + 3 < written.count && "dD".unicodeScalars.contains(written[position + 2])
                && "89abAB".unicodeScalars.contains(written[position + 3])
            position += 2 + (following.flatMap { digits[$0] } ?? 0) + (isFirstHalf ? 6 : 0)
        }

        private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    }
}
