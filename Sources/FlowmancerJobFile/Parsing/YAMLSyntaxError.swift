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
            return ("there is no memory left to read the file", file.mark(line: 1, column: 1))
        }
        if parser.error == YAML_READER_ERROR {
            let offset = Int(parser.problem_offset) + (file.bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0)
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
            return ("this line is no 'key: value': expected ':' behind the key, with a blank after it", start)
        }
        if context.hasPrefix("while scanning a quoted scalar"), problem.hasPrefix("found unexpected") {
            return ("the quoted text has no end; expected a closing quote", start)
        }
        if context.hasSuffix("directive") {
            return ("a line that begins with '%' is a directive of YAML, and this one is none; quote the text", start)
        }
        if context.hasSuffix(" tag") {
            return ("what begins with '!' is a tag, and this one is none; quote the text", start)
        }
        let text = wordings[problem] ?? "this is not YAML; check the indentation, quotes and brackets here and before"
        guard let kind = collections[context], start != place else { return (text, place) }
        return ("\(text) (\(kind) begins at line \(start.line), column \(start.column))", place)
    }

    private static let collections = [
        "while parsing a block mapping": "the mapping",
        "while parsing a block collection": "the list",
        "while parsing a flow sequence": "the list",
        "while parsing a flow mapping": "the mapping",
    ]

    private static let wordings = [
        "found character that cannot start any token":
            "no value can begin with this character (a tab, '@', '`' or '%'); indent with blanks, and quote the text",
        "found a tab character where an indentation space is expected":
            "a tab stands where the line is indented; indent with blanks",
        "found a tab character that violates indentation":
            "a tab stands where the line is indented; indent with blanks",
        "mapping values are not allowed in this context":
            "no ':' is allowed here; check the indentation and the ':' of the line before, and quote text "
            + "that has ': ' in it",
        "block sequence entries are not allowed in this context":
            "no list item is allowed here; begin the list on a line of its own, and check the indentation",
        "mapping keys are not allowed in this context":
            "no '?' is allowed here; quote the text",
        "did not find expected key":
            "expected a key; check the indentation of this line and of those before, and quotes inside of text",
        "did not find expected '-' indicator":
            "expected '-' and a list item; check the indentation of this line",
        "did not find expected ',' or ']'":
            "expected ',' or ']'; a variable in a list needs a '- ' line of its own instead of brackets",
        "did not find expected ',' or '}'":
            "expected ',' or '}'; a variable in a mapping needs a line of its own instead of braces",
        "did not find expected node content":
            "expected a value; check that all brackets and braces before are closed",
        "did not find expected <document start>":
            "expected the end of the file; what stands here belongs to nothing before; check the indentation",
        "found undefined tag handle":
            "the tag is not known; expected no tag",
        "found unknown escape character":
            "no such escape; expected one of \\n \\t \\\" \\\\ \\xHH \\uHHHH …, or use single quotes",
        "did not find expected hexdecimal number":
            "expected hexadecimal digits behind the escape",
        "found invalid Unicode character escape code":
            "the escape stands for no character",
        "did not find expected alphabetic or numeric character":
            "expected a name of letters and digits behind '&' or '*'; quote text that begins with one of them",
        "found unexpected ':'":
            "no ':' is allowed here; quote the text",
        "found an indentation indicator equal to 0":
            "expected an indentation from 1 to 9",
        "did not find expected comment or line break":
            "expected the end of the line behind '|' or '>'",
        "did not find expected whitespace or line break":
            "expected a blank behind the tag",
        "found incompatible YAML document":
            "the file asks for a version of YAML that is not known; expected 1.1 or 1.2",
    ]
}
