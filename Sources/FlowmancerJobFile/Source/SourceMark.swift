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

    static func < (lhs: SourceMark, rhs: SourceMark) -> Bool {
        (lhs.file, lhs.line, lhs.column) < (rhs.file, rhs.line, rhs.column)
    }
}
