/// How many columns of a terminal text takes.
package enum DisplayWidth {
    /// Returns the columns of a text; escape sequences take none.
    package static func of(_ text: String) -> Int {
        pieces(of: text).reduce(0) { $0 + $1.width }
    }

    /// Returns as much of a text as fits into so many columns.
    ///
    /// Where colours were cut off with the rest, a sequence that ends them is added.
    package static func cut(_ text: String, to columns: Int) -> String {
        var result = ""
        var width = 0
        var hasStyle = false
        for piece in pieces(of: text) {
            guard width + piece.width <= columns else { return hasStyle ? result + "\u{1B}[0m" : result }
            result += piece.text
            width += piece.width
            if piece.isEscape { hasStyle = true }
        }
        return result
    }

    private struct Piece {
        var text: Substring
        var width: Int
        var isEscape = false
    }

    /// Splits a text into characters and escape sequences of the form ECMA-48 calls CSI.
    private static func pieces(of text: String) -> [Piece] {
        var result: [Piece] = []
        var index = text.startIndex
        while index < text.endIndex {
            var end = text.index(after: index)
            if text[index] == "\u{1B}", end < text.endIndex, text[end] == "[" {
                repeat { end = text.index(after: end) } while end < text.endIndex && !isFinal(text[end])
                if end < text.endIndex { end = text.index(after: end) }
                result.append(Piece(text: text[index..<end], width: 0, isEscape: true))
            } else {
                result.append(Piece(text: text[index..<end], width: width(of: text[index])))
            }
            index = end
        }
        return result
    }

    private static func isFinal(_ character: Character) -> Bool {
        character.asciiValue.map { (0x40...0x7E).contains($0) } ?? false
    }

    private static func width(of character: Character) -> Int {
        if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        var width = 0
        for scalar in character.unicodeScalars {
            // The selector asks for the coloured form of a sign, which is as wide as two letters.
            width = scalar.value == 0xFE0F ? 2 : max(width, self.width(of: scalar))
        }
        return width
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.properties.isEmojiPresentation { return 2 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    /// The wide and full-width blocks of Unicode Standard Annex #11, without what is an emoji anyway.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
            0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
            0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF,
            0x1F200...0x1F265, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            true
        default: false
        }
    }
}
