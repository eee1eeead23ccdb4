import FlowmancerCore

/// Builds the tree of a JSON file (RFC 8259), and finds duplicate keys.
struct JSONParser {
    var issues: SourceIssues
    let bytes: [UInt8]
    var position = 0
    private var line = 1
    /// A place whose column is known, at or before the next that is asked for.
    private var known = (position: 0, column: 1)
    private var path: [ParameterPath.Component] = []

    /// Ends the parse: the text makes no sense from here on.
    struct Failure: Error {
        let text: String
        let mark: SourceMark
        var isLimit = false
    }

    init(_ file: SourceFile, expander: VariableExpander) {
        issues = SourceIssues(file: file, expander: expander)
        bytes = file.bytes
        position = file.textStart
        known.position = position
    }

    mutating func parse() -> ParsedSource {
        var root: SourceNode?
        do throws(Failure) {
            skipBlanks()
            if position < bytes.count {
                let value = try value(depth: 0)
                skipBlanks()
                if position < bytes.count { throw failure("expected the end of the file, found \(found)") }
                root = value
            }
        } catch {
            let problem = error.isLimit ? JobIssue.Problem.limitExceeded(error.text) : .syntax(error.text)
            issues.add(problem, at: error.mark, path: ParameterPath(path))
        }
        return ParsedSource(root: root, issues: issues.list, mentioned: issues.mentioned)
    }

    private mutating func value(depth: Int) throws(Failure) -> SourceNode {
        let mark = mark()
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "{"):
            return SourceNode(.mapping(try object(depth: depth + 1)), at: mark)
        case UInt8(ascii: "["):
            return SourceNode(.sequence(try array(depth: depth + 1)), at: mark)
        case UInt8(ascii: "\""):
            return SourceNode(try text(at: mark), at: mark)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return SourceNode(.plain(try number()), at: mark)
        case UInt8(ascii: "t") where take("true"), UInt8(ascii: "f") where take("false"),
            UInt8(ascii: "n") where take("null"):
            return SourceNode(.plain(String(decoding: lastTaken, as: UTF8.self)), at: mark)
        default:
            throw failure("expected a value, found \(found)")
        }
    }

    private mutating func object(depth: Int) throws(Failure) -> SourceMapping {
        try open(depth)
        var mapping = SourceMapping()
        if close(UInt8(ascii: "}")) { return mapping }
        while true {
            let mark = mark()
            let key = try key(at: mark)
            path.append(.key(key))
            let value = try value(depth: depth)
            if let first = mapping.insert(value, key: key, at: mark) { refuseDuplicate(key, first: first, at: mark) }
            path.removeLast()
            if try endsItem(UInt8(ascii: "}")) { return mapping }
        }
    }

    // What objects and values need besides stands in functions of its own: those two recurse, and the stack is small.

    private mutating func key(at mark: SourceMark) throws(Failure) -> String {
        guard current == UInt8(ascii: "\"") else { throw failure("expected a key in double quotes, found \(found)") }
        let key = issues.expandKey(try string(), at: ScalarPlace(start: mark))
        skipBlanks()
        guard current == UInt8(ascii: ":") else { throw failure("expected ':' after the key, found \(found)") }
        position += 1
        skipBlanks()
        return key
    }

    private mutating func refuseDuplicate(_ key: String, first: SourceMark, at mark: SourceMark) {
        let place = issues.file.location(of: first)
        issues.add(.duplicateKey(key, first: place), at: mark, path: ParameterPath(path))
    }

    private mutating func text(at mark: SourceMark) throws(Failure) -> SourceNode.Content {
        let first = position
        let text = try string()
        if JobSection.isExpression(at: path) {
            issues.noteVariables(in: text)
            let ordinary: SourceNode.Content = VariableScanner.findsVariables(in: text) ? .template(text) : .text(text)
            let written = String(decoding: bytes[first..<position], as: UTF8.self)
            return .expression(ExpressionSource(text, ordinary: ordinary, written: written, from: mark))
        }
        guard VariableScanner.mayFindVariables(in: text) else { return .text(text) }
        issues.review(text, at: ScalarPlace(start: mark), path: ParameterPath(path))
        return VariableScanner.findsVariables(in: text) ? .template(text) : .text(text)
    }

    private mutating func array(depth: Int) throws(Failure) -> [SourceNode] {
        try open(depth)
        var items: [SourceNode] = []
        if close(UInt8(ascii: "]")) { return items }
        while true {
            path.append(.index(items.count))
            items.append(try value(depth: depth))
            path.removeLast()
            if try endsItem(UInt8(ascii: "]")) { return items }
        }
    }

    private mutating func open(_ depth: Int) throws(Failure) {
        guard depth <= SourceSyntax.maximumDepth else {
            let text = "lists and mappings are nested more than \(SourceSyntax.maximumDepth) levels deep"
            path = []
            throw Failure(text: text, mark: mark(), isLimit: true)
        }
        position += 1
        skipBlanks()
    }

    private mutating func close(_ bracket: UInt8) -> Bool {
        guard current == bracket else { return false }
        position += 1
        return true
    }

    /// Returns whether the list or object ends behind an item; otherwise the next item follows.
    private mutating func endsItem(_ bracket: UInt8) throws(Failure) -> Bool {
        skipBlanks()
        if close(bracket) { return true }
        let character = Character(Unicode.Scalar(bracket))
        guard current == UInt8(ascii: ",") else { throw failure("expected ',' or '\(character)', found \(found)") }
        position += 1
        skipBlanks()
        if current == bracket { throw failure("',' is not allowed before '\(character)'") }
        return false
    }

    private mutating func skipBlanks() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): position += 1
            case UInt8(ascii: "\n"):
                position += 1
                line += 1
                known = (position, 1)
            default: return
            }
        }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: letters) else { return false }
        lastTaken = bytes[position..<(position + letters.count)]
        position += letters.count
        return true
    }

    private var lastTaken: ArraySlice<UInt8> = []

    /// The byte at the position, or 0 at the end.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// What stands at the position, for messages.
    var found: String {
        guard position < bytes.count else { return "the end of the file" }
        switch bytes[position] {
        case UInt8(ascii: "/"): return "'/' (JSON has no comments)"
        case UInt8(ascii: "'"): return "a single quote (JSON text needs double quotes)"
        case UInt8(ascii: "!"): return "'!' (JSON has no tags; variables are replaced in all text, without !sub)"
        case UInt8(ascii: "\n"): return "the end of the line"
        case 0..<0x20: return "a control character"
        default: break
        }
        let word = bytes[position...].prefix(20).prefix { $0 == 0x5f || ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7a }
        if !word.isEmpty { return "'\(String(decoding: word, as: UTF8.self))'" }
        return
            "'\(String(decoding: bytes[position...].prefix(4), as: UTF8.self).unicodeScalars.first.map(String.init) ?? "")'"
    }

    /// The place of the position.
    mutating func mark() -> SourceMark {
        var column = known.column
        for byte in bytes[known.position..<max(known.position, position)] where byte & 0xc0 != 0x80 { column += 1 }
        known = (position, column)
        return issues.file.mark(line: line, column: column)
    }

    mutating func failure(_ text: String) -> Failure {
        Failure(text: text, mark: mark())
    }
}
