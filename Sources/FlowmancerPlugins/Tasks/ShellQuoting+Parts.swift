/// What stands within other text: expansions, and documents behind `<<`.
extension ShellQuoting {
    mutating func readParameter(_ byte: UInt8, _ part: Part, _ rest: inout ArraySlice<UInt8>) {
        func becomes(_ part: Part) { frames[frames.count - 1] = .parameter(part) }
        switch (byte, part) {
        case (UInt8(ascii: "}"), _):
            frames.removeLast()
        case (UInt8(ascii: "["), .name):
            becomes(.expression(isSubscript: true))
        case (UInt8(ascii: "]"), .expression(isSubscript: true)):
            becomes(.name)
        case (UInt8(ascii: ":"), .name):
            guard let operation = rest.first, "-+=?".utf8.contains(operation) else {
                return becomes(.expression(isSubscript: false))
            }
            rest = rest.dropFirst()
            becomes(.word)
        case (_, .name)
        where "-+=?%/^,@".utf8.contains(byte) || byte == UInt8(ascii: "#") && previous != UInt8(ascii: "$"):
            becomes(.word)
        case (UInt8(ascii: "'"), _) where !isInDoubleQuotes:
            frames.append(.singleQuotes)
        case (UInt8(ascii: "\""), _):
            frames.append(.doubleQuotes)
        default:
            beginExpansion(byte, &rest)
        }
    }

    mutating func readArithmetic(_ byte: UInt8, _ depth: Int, _ rest: inout ArraySlice<UInt8>) {
        switch byte {
        case UInt8(ascii: "("):
            frames[frames.count - 1] = .arithmetic(depth: depth + 1)
        case UInt8(ascii: ")") where depth > 0:
            frames[frames.count - 1] = .arithmetic(depth: depth - 1)
        case UInt8(ascii: ")"):
            if rest.first == byte { rest = rest.dropFirst() }
            frames.removeLast()
        default:
            beginExpansion(byte, &rest)
        }
    }

    // MARK: Documents

    /// Reads what stands behind `<<`.
    mutating func readDocumentEnd(_ rest: inout ArraySlice<UInt8>) {
        let dropsTabs = rest.first == UInt8(ascii: "-")
        if dropsTabs { rest = rest.dropFirst() }
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let word = rest.prefix { !Self.endsWord.contains($0) && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "<") }
        rest = rest[word.endIndex...]
        let end = word.filter { !#"'"\"#.utf8.contains($0) }
        guard !word.isEmpty else { return }
        documents.append(Document(end: Array(end), isExpanded: end.count == word.count, dropsTabs: dropsTabs))
    }

    /// A new line: the next document begins on it, if there is one.
    mutating func beginDocument() {
        guard !documents.isEmpty else { return }
        line = []
        frames.append(.document(documents.removeFirst()))
    }

    mutating func readDocument(_ byte: UInt8, _ document: Document, _ rest: inout ArraySlice<UInt8>) {
        guard byte == UInt8(ascii: "\n") else {
            line.append(byte)
            if document.isExpanded { beginExpansion(byte, &rest) }
            return
        }
        let isEnd = (document.dropsTabs ? line.drop { $0 == UInt8(ascii: "\t") } : line[...]).elementsEqual(
            document.end
        )
        line = []
        guard isEnd else { return }
        frames.removeLast()
        beginDocument()
    }
}
