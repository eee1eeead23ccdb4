/// Finds variables within the scalars of a file.
///
/// Scalars are asked for in the order of the file: lines are counted once.
struct VariableFinder {
    private let file: SourceFile
    /// The line that ``offset`` begins.
    private var line = 1
    private var offset: Int

    init(_ file: SourceFile) {
        self.file = file
        offset = file.textStart
    }

    /// Returns the places of a scalar's variables, in their order.
    ///
    /// - Parameter count: How many variables the scalar has.
    /// - Returns: The scalar's own place for all of them, if they do not stand in the file as in the text: an escape may
    ///   stand for a `$`.
    mutating func marks(of count: Int, in place: ScalarPlace) -> [SourceMark] {
        let fallback = Array(repeating: place.start, count: count)
        guard let (text, start) = text(in: place) else { return fallback }
        let starts = VariableScanner(text).compactMap { piece in
            if case .variable(_, let start) = piece { start } else { nil as String.Index? }
        }
        guard starts.count == count else { return fallback }
        var (known, mark) = (text.startIndex, start)
        return starts.map { index in
            mark = file.mark(behind: text[known..<index], from: mark)
            known = index
            return mark
        }
    }

    /// Returns the text of a scalar as the file has it, with its quotes but without the line that begins a block, and where it
    /// begins; `nil` if its end is not known.
    mutating func text(in place: ScalarPlace) -> (text: String, start: SourceMark)? {
        guard let end = place.end else { return nil }
        let start = place.isBlock ? file.mark(line: Int(place.start.line) + 1, column: 1) : place.start
        let first = byteOffset(of: start)
        let (startLine, startOffset) = (line, offset)
        let last = byteOffset(of: end)
        // A variable may stand before this scalar's end and another scalar on the same line.
        (line, offset) = (startLine, startOffset)
        return (String(decoding: file.bytes[first..<max(first, last)], as: UTF8.self), start)
    }

    /// Returns the position of a place that is not before an earlier one's line.
    private mutating func byteOffset(of mark: SourceMark) -> Int {
        while line < mark.line, let next = file.lineStart(after: offset) { (line, offset) = (line + 1, next) }
        return file.byteOffset(column: Int(mark.column), lineStart: offset)
    }
}
