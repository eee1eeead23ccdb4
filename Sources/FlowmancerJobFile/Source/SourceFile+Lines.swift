extension SourceFile {
    /// Returns the position behind the next line break of YAML; `nil` on the last line.
    func lineStart(after offset: Int) -> Int? {
        var position = offset
        while position < bytes.count {
            if let length = lineBreak(at: position) { return position + length }
            position += 1
        }
        return nil
    }

    /// Returns the bytes of a line, counted from 1; `nil` if the file has no such line.
    func line(_ number: Int) -> ArraySlice<UInt8>? {
        var start = textStart
        for _ in 1..<max(1, number) {
            guard let next = lineStart(after: start) else { return nil }
            start = next
        }
        return bytes[start..<(lineStart(after: start) ?? bytes.count)]
    }

    /// Returns the position of a column on the line that begins at a position.
    func byteOffset(column: Int, lineStart: Int) -> Int {
        var position = lineStart
        var left = column - 1
        while position < bytes.count, left > 0 {
            position += 1
            while position < bytes.count, bytes[position] & 0xc0 == 0x80 { position += 1 }
            left -= 1
        }
        return position
    }

    /// Returns the place behind a part of the file's text.
    ///
    /// - Parameter start: The place at which `text` begins.
    func mark(behind text: Substring, from start: SourceMark) -> SourceMark {
        start.advanced(over: text.unicodeScalars)
    }

    /// The length of the line break at a position; `nil` if there is none.
    private func lineBreak(at position: Int) -> Int? {
        func byte(_ distance: Int) -> UInt8 {
            position + distance < bytes.count ? bytes[position + distance] : 0
        }
        switch byte(0) {
        case UInt8(ascii: "\n"): return 1
        case UInt8(ascii: "\r"): return byte(1) == UInt8(ascii: "\n") ? 2 : 1
        case 0xc2 where byte(1) == 0x85: return 2
        case 0xe2 where byte(1) == 0x80 && (byte(2) == 0xa8 || byte(2) == 0xa9): return 3
        default: return nil
        }
    }
}
