/// The place of a value among the files of a job; small, since every value has one.
struct SourceMark: Sendable, Hashable, Comparable {
    /// The file's position in the order in which the files were met.
    var file: Int32
    /// The line, from 1.
    var line: Int32
    /// The column in Unicode scalars, from 1.
    var column: Int32

    init(file: Int32, line: Int, column: Int) {
        self.file = file
        self.line = Int32(clamping: line)
        self.column = Int32(clamping: column)
    }

    /// Returns the place behind a part of the file's text that begins here.
    func advanced(over text: some Sequence<Unicode.Scalar>) -> SourceMark {
        var (line, column) = (Int(line), Int(column))
        var previous: Unicode.Scalar?
        for scalar in text {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": (line, column) = (line + 1, 1)
            default: column += 1
            }
            previous = scalar
        }
        return SourceMark(file: file, line: line, column: column)
    }

    static func < (lhs: SourceMark, rhs: SourceMark) -> Bool {
        (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
    }
}
