extension ValueTemplate: ExpressibleByStringLiteral {
    /// Creates a template from text with variables. A variable that is not written as it should be is an error of the job.
    public init(_ text: String) {
        var pieces: [Piece] = []
        var rest = text.utf8[...]
        var search = rest
        while let dollar = search.firstIndex(of: UInt8(ascii: "$")) {
            let dollars = search[dollar...].prefix { $0 == UInt8(ascii: "$") }
            let behind = search[dollars.endIndex...]
            guard let opening = VariableOpening(behind) else {
                search = behind
                continue
            }
            pieces.append(.text(String(Substring(rest[..<dollar]))))
            if dollars.count > 1 {
                pieces.append(.text(String(Substring(dollars.dropFirst()))))
                // The name behind an escape is text; only what follows it may begin a variable.
                let end: String.Index
                switch opening {
                case .braced(_, let body): end = body.startIndex
                case .item(let after): end = after.startIndex
                }
                pieces.append(.text(String(Substring(behind[..<end]))))
                rest = behind[end...]
            } else {
                switch opening {
                case .item(let after):
                    pieces.append(.reference(ExpressionReference(.item, "")))
                    rest = after
                case .braced(let kind, let body):
                    let end = body.firstIndex(of: UInt8(ascii: "}")) ?? body.endIndex
                    let reference = ExpressionReference(kind, body: String(Substring(body[..<end])))
                    pieces.append(reference.label == Self.dollar ? .text("$") : .reference(reference))
                    rest = body[end...].dropFirst()
                }
            }
            search = rest
        }
        pieces.append(.text(String(Substring(rest))))
        self.init(pieces)
    }

    /// Creates a template from text with variables.
    public init(stringLiteral value: String) { self.init(value) }
}

extension ValueTemplate: CustomStringConvertible {
    /// The template as a job file has it, which reads as an equal template.
    public var description: String {
        var result = ""
        for (position, piece) in pieces.enumerated() {
            let next = position + 1 < pieces.count ? pieces[position + 1] : nil
            switch piece {
            case .text(let text):
                result += Self.escaped(text, beforeVariable: next != nil)
            case .reference(let reference), .value(let reference, _):
                guard reference.kind == .item, reference.name.isEmpty, reference.level == 0, reference.fallback == .none
                else {
                    result += reference.description
                    continue
                }
                // A letter behind it would belong to its name.
                let isEnded: Bool =
                    if case .text(let text)? = next {
                        !VariableOpening.continuesName(text.utf8[...]) && text.utf8.first != UInt8(ascii: "{")
                    } else {
                        true
                    }
                result += isEnded ? "$ITEM" : "$ITEM{}"
            }
        }
        return result
    }

    /// The template as its author wrote it, also if that was in a job around this one.
    package var writtenText: String {
        ValueTemplate(
            pieces.map { piece in
                guard case .reference(var reference) = piece else { return piece }
                reference.level = 0
                return .reference(reference)
            }
        ).description
    }

    /// How a `$` is written that would make an escape of the variable behind it.
    package static let dollar = "$SYS{DOLLAR}"

    /// Returns text that reads as `text`.
    ///
    /// - Parameter beforeVariable: Whether a variable follows it.
    package static func escaped(_ text: String, beforeVariable: Bool = false) -> String {
        var text = text
        var trailing = 0
        if beforeVariable {
            while text.utf8.last == UInt8(ascii: "$") {
                text.unicodeScalars.removeLast()
                trailing += 1
            }
        }
        guard trailing > 0 || text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var result = ""
        var rest = text.utf8[...]
        while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
            result += Substring(rest[...dollar])
            rest = rest[dollar...].dropFirst()
            if VariableOpening(rest) != nil { result += "$" }
        }
        return result + String(Substring(rest)) + String(repeating: Self.dollar, count: trailing)
    }
}

extension ExpressionReference {
    /// Whether text can hold the variable so that it reads as this one.
    package var isWritable: Bool {
        let template = ValueTemplate(description)
        var written = template.whole
        written?.level = level
        return written == self && (defaultText.map { ValueTemplate.escaped($0) == $0 } ?? true)
    }

    private var defaultText: String? { if case .text(let text) = fallback { text } else { nil } }
}
