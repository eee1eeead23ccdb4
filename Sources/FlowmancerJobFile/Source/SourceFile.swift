import FlowmancerCore

/// The text of one file of a job.
struct SourceFile {
    /// The path as the author gave it, for messages.
    let name: String
    /// The file's position in the order in which the files were met.
    let number: Int32
    let bytes: [UInt8]

    func mark(line: Int, column: Int) -> SourceMark {
        SourceMark(file: number, line: line, column: column)
    }

    func location(of mark: SourceMark) -> SourceLocation {
        SourceLocation(file: name, line: Int(mark.line), column: Int(mark.column))
    }

    /// Returns the place of a byte.
    func mark(atByte offset: Int) -> SourceMark {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == UInt8(ascii: "\n") {
                (line, column) = (line + 1, 1)
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return mark(line: line, column: column)
    }

    /// The position of the text, behind a byte order mark.
    var textStart: Int { bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0 }

    /// Returns why the file is not UTF-8 text, and where; `nil` if it is.
    func encodingIssue() -> JobIssue? {
        guard bytes.withUnsafeBufferPointer({ String(validating: $0, as: UTF8.self) }) == nil else { return nil }
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            let place = location(of: mark(line: 1, column: 1))
            return JobIssue(.syntax("the file is UTF-16; save it as UTF-8"), at: ParameterPath(), location: place)
        }
        var offset = 0
        var parser = UTF8.ForwardParser()
        var rest = bytes.makeIterator()
        while case .valid(let scalar) = parser.parseScalar(from: &rest) { offset += scalar.count }
        let byte = String(offset < bytes.count ? bytes[offset] : 0, radix: 16, uppercase: true)
        let text = "the byte 0x\(byte) is not UTF-8 text; save the file as UTF-8"
        return JobIssue(.syntax(text), at: ParameterPath(), location: location(of: mark(atByte: offset)))
    }
}
