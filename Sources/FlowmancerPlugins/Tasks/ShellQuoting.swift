/// Follows the text of a shell command, to know what a variable means at each place of it.
///
/// It need not understand all that a shell does: where it is wrong, a value is split into words or not replaced, but never
/// becomes code.
struct ShellQuoting {
    /// What a reference to a variable of the environment means.
    enum Place: Hashable {
        /// Outside of quotes, where it needs some of its own: a shell splits it into words otherwise.
        case bare
        /// In double quotes, or in a document that is expanded.
        case expanded
        /// Between single quotes, or in a document that is not expanded: it stays as it is.
        case literal
        /// In `$((…))`, `((…))` and the like, where some shells take text for code.
        case arithmetic
    }

    enum Frame: Hashable {
        /// Commands, up to the character; `nil` for the whole text.
        case code(end: UInt8?)
        case doubleQuotes
        case singleQuotes
        /// `$'…'`, in which a backslash is an escape.
        case escapedQuotes
        /// `${…}`
        case parameter(Part)
        case arithmetic(depth: Int)
        /// `$[…]`
        case oldArithmetic
        case comment
        case document(Document)
    }

    /// A part of `${…}`.
    enum Part: Hashable {
        /// Up to the first operator.
        case name
        /// What `:-` and other operators take.
        case word
        /// A subscript, or what follows `:`: an expression.
        case expression(isSubscript: Bool)
    }

    struct Document: Hashable {
        var end: [UInt8]
        var isExpanded: Bool
        /// Whether tabs before its end do not count.
        var dropsTabs: Bool
    }

    var frames: [Frame] = [.code(end: nil)]
    /// The documents that begin on the next line.
    var documents: [Document] = []
    /// The present line of a document.
    var line: [UInt8] = []
    var previous = UInt8(ascii: "\n")
    private var isEscaped = false

    /// What a reference means behind the text so far.
    var place: Place {
        for frame in frames.reversed() {
            switch frame {
            case .code: return .bare
            case .doubleQuotes: return .expanded
            case .singleQuotes, .escapedQuotes: return .literal
            case .arithmetic, .oldArithmetic, .parameter(.expression): return .arithmetic
            case .comment: return .expanded
            case .document(let document): return document.isExpanded ? .expanded : .literal
            case .parameter(.name), .parameter(.word): continue
            }
        }
        return .bare
    }

    /// Takes in a part of the text.
    mutating func read(_ text: String) {
        var rest = Array(text.utf8)[...]
        while let byte = rest.first { read(byte, &rest) }
    }

    /// Takes in a variable.
    mutating func skipVariable() {
        previous = UInt8(ascii: "x")
        isEscaped = false
        // A line with one ends no document.
        line.append(0)
    }

    private mutating func read(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) {
        rest = rest.dropFirst()
        defer { previous = byte }
        if isEscaped {
            isEscaped = false
            line.append(byte)
            return
        }
        switch frames[frames.count - 1] {
        case .singleQuotes:
            if byte == UInt8(ascii: "'") { frames.removeLast() }
        case .escapedQuotes:
            if byte == UInt8(ascii: "\\") { isEscaped = true }
            if byte == UInt8(ascii: "'") { frames.removeLast() }
        case .comment:
            guard byte == UInt8(ascii: "\n") else { break }
            frames.removeLast()
            beginDocument()
        case .document(let document):
            readDocument(byte, document, &rest)
        case .doubleQuotes:
            if byte == UInt8(ascii: "\"") { frames.removeLast() } else { beginExpansion(byte, &rest) }
        case .parameter(let part):
            readParameter(byte, part, &rest)
        case .oldArithmetic:
            if byte == UInt8(ascii: "]") { frames.removeLast() } else { beginExpansion(byte, &rest) }
        case .arithmetic(let depth):
            readArithmetic(byte, depth, &rest)
        case .code(let end):
            readCode(byte, end, &rest)
        }
    }

    var isInDoubleQuotes: Bool {
        for frame in frames.reversed() {
            switch frame {
            case .doubleQuotes: return true
            case .parameter: continue
            default: return false
            }
        }
        return false
    }

    private mutating func readCode(_ byte: UInt8, _ end: UInt8?, _ rest: inout ArraySlice<UInt8>) {
        switch byte {
        case _ where byte == end:
            frames.removeLast()
        case UInt8(ascii: "'"):
            frames.append(previous == UInt8(ascii: "$") ? .escapedQuotes : .singleQuotes)
        case UInt8(ascii: "\""):
            frames.append(.doubleQuotes)
        case UInt8(ascii: "(") where rest.first == byte && Self.endsWord.contains(previous):
            // It may be a command in a command, too, which few write without a blank.
            rest = rest.dropFirst()
            frames.append(.arithmetic(depth: 0))
        case UInt8(ascii: "("):
            frames.append(.code(end: UInt8(ascii: ")")))
        case UInt8(ascii: "#") where Self.endsWord.contains(previous):
            frames.append(.comment)
        case UInt8(ascii: "<") where rest.first == UInt8(ascii: "<"):
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "<") { rest = rest.dropFirst() } else { readDocumentEnd(&rest) }
        case UInt8(ascii: "\n"):
            beginDocument()
        default:
            beginExpansion(byte, &rest)
        }
    }

    /// Recognises what expands something wherever text is expanded.
    mutating func beginExpansion(_ byte: UInt8, _ rest: inout ArraySlice<UInt8>) {
        switch byte {
        case UInt8(ascii: "\\"):
            isEscaped = true
        case UInt8(ascii: "`"):
            frames.append(.code(end: byte))
        case UInt8(ascii: "$") where rest.first == UInt8(ascii: "{"):
            rest = rest.dropFirst()
            frames.append(.parameter(.name))
        case UInt8(ascii: "$") where rest.first == UInt8(ascii: "["):
            rest = rest.dropFirst()
            frames.append(.oldArithmetic)
        case UInt8(ascii: "$") where rest.starts(with: [UInt8(ascii: "("), UInt8(ascii: "(")]):
            rest = rest.dropFirst(2)
            frames.append(.arithmetic(depth: 0))
        case UInt8(ascii: "$") where rest.first == UInt8(ascii: "("):
            rest = rest.dropFirst()
            frames.append(.code(end: UInt8(ascii: ")")))
        default:
            break
        }
    }

    /// What ends a word, so that a comment may begin behind it.
    static let endsWord = Set(" \t\n;|&()".utf8)
}
