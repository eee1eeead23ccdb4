/// Lines that a program wrote for a terminal: text with its colours. What else they would do to a terminal is left out.
struct TerminalText: Hashable {
    /// Text of one style.
    struct Piece: Hashable {
        var text: String
        var style: TerminalStyling
    }

    /// The pieces of each line.
    private(set) var lines: [[Piece]] = []

    /// - Parameter lines: The lines in their order: a colour holds until another one is set.
    init(_ lines: [String]) {
        var style = TerminalStyling()
        self.lines = lines.map { line in
            var parser = Parser(line.unicodeScalars[...], style)
            let pieces = parser.parse()
            style = parser.style
            return pieces
        }
    }

    /// Reads one line. What is begun and not ended is left out up to the end of the line.
    private struct Parser {
        private var rest: Substring.UnicodeScalarView
        private(set) var style: TerminalStyling
        private var text = ""
        private var pieces: [Piece] = []

        init(_ line: Substring.UnicodeScalarView, _ style: TerminalStyling) {
            rest = line
            self.style = style
        }

        mutating func parse() -> [Piece] {
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\u{1B}": passEscape()
                case "\u{9B}": passControlSequence()
                case "\u{90}", "\u{98}", "\u{9D}"..."\u{9F}": passString()
                default: text.unicodeScalars.append(scalar)
                }
            }
            endPiece()
            return pieces
        }

        private mutating func endPiece() {
            guard !text.isEmpty else { return }
            pieces.append(Piece(text: text, style: style))
            text = ""
        }

        private mutating func passEscape() {
            guard let scalar = rest.popFirst() else { return }
            switch scalar {
            case "[": passControlSequence()
            case "]", "P", "X", "^", "_": passString()
            case "\u{20}"..."\u{2F}":
                // Intermediate bytes, then a final one.
                while let next = rest.popFirst(), ("\u{20}"..."\u{2F}").contains(next) {}
            default: break
            }
        }

        private mutating func passControlSequence() {
            var parameters = ""
            while let scalar = rest.popFirst() {
                guard ("\u{20}"..."\u{3F}").contains(scalar) else {
                    guard scalar == "m" else { return }
                    endPiece()
                    style.apply(parameters)
                    return
                }
                parameters.unicodeScalars.append(scalar)
            }
        }

        /// A title, a link or the like: up to the sign of its end.
        private mutating func passString() {
            while let scalar = rest.popFirst() {
                switch scalar {
                case "\u{7}", "\u{9C}": return
                case "\u{1B}":
                    if rest.first == "\\" { rest.removeFirst() }
                    return
                default: break
                }
            }
        }
    }
}

/// How a terminal shows text. The background is not among it: what is written has to be readable on that of a page.
struct TerminalStyling: Hashable {
    enum Colour: Hashable {
        /// One of the 16 colours that every terminal has: 0 to 7, and their bright forms from 8.
        case named(Int)
        case mixed(red: Int, green: Int, blue: Int)
    }

    var colour: Colour?
    var isBold = false
    var isDim = false
    var isItalic = false
    var isUnderlined = false

    /// Applies the parameters of a control sequence that ends in `m`.
    mutating func apply(_ text: String) {
        // A private sequence sets no style.
        guard text.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) || $0 == ";" || $0 == ":" }) else { return }
        var codes = text.split(omittingEmptySubsequences: false) { $0 == ";" || $0 == ":" }.map { Int($0) ?? 0 }[...]
        while let code = codes.popFirst() { apply(code, &codes) }
    }

    private mutating func apply(_ code: Int, _ rest: inout ArraySlice<Int>) {
        switch code {
        case 0: self = Self()
        case 1: isBold = true
        case 2: isDim = true
        case 3: isItalic = true
        case 4: isUnderlined = true
        case 22: (isBold, isDim) = (false, false)
        case 23: isItalic = false
        case 24: isUnderlined = false
        case 30...37: colour = .named(code - 30)
        case 38: colour = Self.extended(&rest) ?? colour
        case 39: colour = nil
        case 48, 58: _ = Self.extended(&rest)
        case 90...97: colour = .named(code - 90 + 8)
        default: break
        }
    }

    /// A colour out of 256, or any.
    private static func extended(_ rest: inout ArraySlice<Int>) -> Colour? {
        switch rest.popFirst() {
        case 5?:
            guard let number = rest.popFirst(), (0...255).contains(number) else { return nil }
            if number < 16 { return .named(number) }
            if number >= 232 {
                let grey = 8 + 10 * (number - 232)
                return .mixed(red: grey, green: grey, blue: grey)
            }
            let levels = [0, 95, 135, 175, 215, 255]
            let cube = number - 16
            return .mixed(red: levels[cube / 36], green: levels[cube / 6 % 6], blue: levels[cube % 6])
        case 2?:
            let parts = rest.prefix(3)
            rest = rest.dropFirst(3)
            guard parts.count == 3, parts.allSatisfy((0...255).contains) else { return nil }
            let first = parts.startIndex
            return .mixed(red: parts[first], green: parts[first + 1], blue: parts[first + 2])
        default: return nil
        }
    }
}
