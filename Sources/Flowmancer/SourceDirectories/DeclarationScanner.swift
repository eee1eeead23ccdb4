/// A type, or an extension of one, as a Swift source file declares it.
struct SourceDeclaration: Hashable {
    enum Kind: Hashable {
        case type, `protocol`, `extension`
    }

    var kind: Kind
    /// The name with those of the types around it: `Outer.Inner`.
    var name: String
    /// The protocols and the superclass that the declaration lists, without their modules.
    var inherited: [String]
    var line: Int
    /// Whether it is certain that the type is part of a program that the file is part of, and found by its name: neither
    /// generic, nor local to a function, nor under a condition of compilation.
    var isCertain: Bool
}

/// Finds the declarations of types in Swift source text.
///
/// It reads just as much of Swift as that takes: names, lists of what is inherited, braces and conditions of compilation.
struct DeclarationScanner {
    private var tokens: [SwiftTokens.Token]
    private var position = 0
    /// What the open braces belong to.
    private var scopes: [Scope] = []
    private var openConditions = 0
    private var declarations: [SourceDeclaration] = []

    private enum Scope {
        case type(name: String, isGeneric: Bool)
        case other
    }

    /// Returns the declarations of a file in their order.
    static func declarations(in text: some Sequence<UInt8>) -> [SourceDeclaration] {
        var scanner = DeclarationScanner(tokens: Array(SwiftTokens(text)))
        scanner.scan()
        return scanner.declarations
    }

    private init(tokens: [SwiftTokens.Token]) {
        self.tokens = tokens
    }

    private mutating func scan() {
        while position < tokens.count {
            let token = tokens[position]
            position += 1
            switch token.text {
            case "{": scopes.append(.other)
            case "}": _ = scopes.popLast()
            case "#if": openConditions += 1
            case "#endif": openConditions = max(0, openConditions - 1)
            case "struct", "class", "actor", "enum": declare(.type, at: token)
            case "protocol": declare(.protocol, at: token)
            case "extension": declare(.extension, at: token)
            default: break
            }
        }
    }

    /// Reads a declaration behind its keyword, up to its opening brace.
    private mutating func declare(_ kind: SourceDeclaration.Kind, at keyword: SwiftTokens.Token) {
        let start = position
        // `class func`, `.class`, a parameter called `actor`: none of them is followed by a name and a list or a brace.
        let isMember = position >= 2 && tokens[position - 2].text == "."
        guard !isMember, var name = word() else {
            position = start
            return
        }
        while peek == ".", kind == .extension {
            position += 1
            guard let next = word() else { break }
            name += ".\(next)"
        }
        var isGeneric = false
        if peek == "<" {
            isGeneric = true
            skipBrackets()
        }
        var inherited: [String] = []
        if peek == ":" {
            position += 1
            inherited = inheritedNames()
        }
        if peek == "where" {
            isGeneric = true
            while let text = peek, text != "{" { position += text == "<" ? 0 : 1; if text == "<" { skipBrackets() } }
        }
        guard peek == "{" else {
            position = start
            return
        }
        position += 1
        let outer = scopes.compactMap { if case .type(let name, _) = $0 { name } else { nil } }
        let isLocal = scopes.contains { if case .other = $0 { true } else { false } }
        let isWithinGeneric = scopes.contains { if case .type(_, true) = $0 { true } else { false } }
        declarations.append(
            SourceDeclaration(
                kind: kind,
                name: (outer + [name]).joined(separator: "."),
                inherited: inherited,
                line: keyword.line,
                isCertain: !isGeneric && !isWithinGeneric && !isLocal && openConditions == 0
            )
        )
        scopes.append(.type(name: name, isGeneric: isGeneric))
    }

    private mutating func inheritedNames() -> [String] {
        var names: [String] = []
        while let text = peek, text != "{", text != "where" {
            switch text {
            case ",", "&", "~": position += 1
            case "@":
                // An attribute such as `@unchecked`.
                position += 2
            case "<": skipBrackets()
            case "(": skipParentheses()
            default:
                guard let name = word() else {
                    position += 1
                    continue
                }
                // Of `Flowmancer.FlowTask`, the last part counts.
                if position >= 2, tokens[position - 2].text == ".", !names.isEmpty { names.removeLast() }
                names.append(name)
            }
        }
        return names
    }

    private var peek: String? { position < tokens.count ? tokens[position].text : nil }

    private mutating func word() -> String? {
        guard let text = peek, let first = text.unicodeScalars.first,
            first == "_" || first.properties.isAlphabetic || !first.isASCII, !Self.keywords.contains(text)
        else { return nil }
        position += 1
        return text
    }

    private mutating func skipBrackets() { skip("<", ">") }

    private mutating func skipParentheses() { skip("(", ")") }

    private mutating func skip(_ opening: String, _ closing: String) {
        var depth = 0
        while let text = peek, text != "{" || depth == 0 {
            position += 1
            if text == opening { depth += 1 }
            if text == closing { depth -= 1 }
            if depth == 0 { return }
        }
    }

    /// Words that can follow `class` where it declares no type.
    private static let keywords: Set = [
        "func", "var", "let", "subscript", "override", "final", "where", "in", "is", "as",
    ]
}
