import CYaml

/// Words for what libyaml finds wrong with a text.
enum YAMLSyntaxError {
    /// Whether libyaml gave up because of the depth of lists and mappings.
    static func isLimit(_ parser: yaml_parser_t) -> Bool {
        parser.problem.map { String(cString: $0).hasPrefix("Maximum nesting level") } ?? false
    }

    /// Returns what is wrong, and where.
    static func describe(_ parser: yaml_parser_t, in file: SourceFile) -> (text: String, mark: SourceMark) {
        let problem = parser.problem.map { String(cString: $0) } ?? ""
        if parser.error == YAML_MEMORY_ERROR {
            return ("there is not enough memory to read the file", file.mark(line: 1, column: 1))
        }
        if parser.error == YAML_READER_ERROR {
            let offset = Int(parser.problem_offset) + file.textStart
            let code = String(UInt32(bitPattern: parser.problem_value), radix: 16, uppercase: true)
            let hex = String(repeating: "0", count: max(0, 4 - code.count)) + code
            return (
                "the character U+\(hex) is not allowed; write it as \"\\u\(hex)\" in double quotes",
                file.mark(atByte: offset)
            )
        }
        let place = file.mark(line: parser.problem_mark.line + 1, column: parser.problem_mark.column + 1)
        let hasContext = parser.context != nil
        let start = file.mark(line: parser.context_mark.line + 1, column: parser.context_mark.column + 1)
        let context = parser.context.map { String(cString: $0) } ?? ""
        if problem == "could not find expected ':'", hasContext {
            return ("this line is not 'key: value'; expected ':' and a space after the key", start)
        }
        if context.hasPrefix("while scanning a quoted scalar"), problem.hasPrefix("found unexpected") {
            return ("the closing quote is missing", start)
        }
        if context.hasSuffix("directive") {
            return (
                "a line that begins with '%' is a YAML directive, and this one is not valid; put the text in quotes",
                start
            )
        }
        if context.hasSuffix(" tag") {
            return ("text that begins with '!' is a tag, and this one is not valid; put the text in quotes", start)
        }
        if let variable = variable(before: place, in: file) {
            return ("a variable within brackets or braces needs quotes and !sub: !sub \"\(variable)\"", place)
        }
        if isTaggedAlias(at: place, in: file) {
            return ("an alias cannot have a tag; put the tag before the text that has the anchor", place)
        }
        let text =
            wordings[problem] ?? "this is not valid YAML; check the indentation, quotes and brackets here and before"
        guard let kind = collections[context], start != place else { return (text, place) }
        return ("\(text) (\(kind) begins at line \(start.line), column \(start.column))", place)
    }

    /// Returns the variable whose brace stands at a place, where libyaml takes it for the beginning of a mapping.
    private static func variable(before place: SourceMark, in file: SourceFile) -> String? {
        guard let line = file.line(Int(place.line)) else { return nil }
        let text = String(decoding: line, as: UTF8.self)
        for case .variable(let variable, let start) in VariableScanner(text) {
            let name = text.unicodeScalars.distance(from: text.startIndex, to: start) + 1 + variable.kind.rawValue.count
            if name + 1 == place.column { return variable.label }
        }
        return nil
    }

    /// Whether an alias stands at a place, behind a tag.
    private static func isTaggedAlias(at place: SourceMark, in file: SourceFile) -> Bool {
        guard let line = file.line(Int(place.line)) else { return false }
        let text = String(decoding: line, as: UTF8.self).unicodeScalars
        guard text.dropFirst(Int(place.column) - 1).first == "*" else { return false }
        let words = text.prefix(Int(place.column) - 1).split(separator: " ")
        return words.last?.first == "!"
    }

    private static let collections = [
        "while parsing a block mapping": "the mapping",
        "while parsing a block collection": "the list",
        "while parsing a flow sequence": "the list",
        "while parsing a flow mapping": "the mapping",
    ]

    private static let wordings = [
        "found character that cannot start any token":
            "a value cannot begin with this character (a tab, '@', '`' or '%'); indent with spaces, and put the text in quotes",
        "found a tab character where an indentation space is expected":
            "the indentation contains a tab; use spaces",
        "found a tab character that violates indentation":
            "the indentation contains a tab; use spaces",
        "mapping values are not allowed in this context":
            "':' is not allowed here; check the indentation and the ':' of the line before, and put text in quotes "
            + "if it contains ': '",
        "block sequence entries are not allowed in this context":
            "a list item is not allowed here; begin the list on its own line, and check the indentation",
        "mapping keys are not allowed in this context":
            "'?' is not allowed here; put the text in quotes",
        "did not find expected key":
            "expected a key; check the indentation of this line and of the lines before, and quotes within text",
        "did not find expected '-' indicator":
            "expected '-' and a list item; check the indentation of this line",
        "did not find expected ',' or ']'":
            "expected ',' or ']'; check the quotes and brackets before",
        "did not find expected ',' or '}'":
            "expected ',' or '}'; check the quotes and braces before",
        "did not find expected node content":
            "expected a value; check that all brackets and braces before are closed",
        "did not find expected <document start>":
            "expected the end of the file, because this line does not belong to anything before it; check the indentation",
        "found undefined tag handle":
            "unknown tag; remove it",
        "found unknown escape character":
            "unknown escape; expected one of \\n \\t \\\" \\\\ \\xHH \\uHHHH …, or use single quotes",
        "did not find expected hexdecimal number":
            "expected hexadecimal digits after the escape",
        "found invalid Unicode character escape code":
            "the escape does not stand for a character",
        "did not find expected alphabetic or numeric character":
            "expected a name of letters and digits after '&' or '*'; put text that begins with '&' or '*' in quotes",
        "found unexpected ':'":
            "':' is not allowed here; put the text in quotes",
        "found an indentation indicator equal to 0":
            "expected an indentation from 1 to 9",
        "did not find expected comment or line break":
            "expected the end of the line after '|' or '>'",
        "did not find expected whitespace or line break":
            "expected a space after the tag",
        "found incompatible YAML document":
            "the file asks for an unknown version of YAML; expected 1.1 or 1.2",
    ]
}
