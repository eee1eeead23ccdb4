/// The lines of files to which something is appended while it happens: a CRC-32C as eight hexadecimal digits, a blank, a text
/// without line feeds, and a line feed.
///
/// Where the checksum of a line continues that of the line before, a line that is missing, doubled or in another place is
/// noticed like a changed one.
package enum ChecksummedLine {
    /// How long what stands before the text is.
    package static let prefixLength = 9

    /// Appends a line.
    ///
    /// - Parameters:
    ///   - previous: The checksum that this one continues.
    ///   - text: Appends the text.
    /// - Returns: The checksum.
    @discardableResult
    package static func append(
        to buffer: inout [UInt8],
        following previous: UInt32 = 0,
        _ text: (inout [UInt8]) -> Void
    ) -> UInt32 {
        let start = buffer.count
        buffer += "00000000 ".utf8
        text(&buffer)
        let checksum = CRC32C.checksum(buffer, start + prefixLength..<buffer.count, following: previous)
        for place in 0..<8 { buffer[start + place] = digits[Int(checksum >> UInt32(28 - 4 * place) & 0xF)] }
        buffer.append(UInt8(ascii: "\n"))
        return checksum
    }

    /// Returns where the text of a line is, and the checksum that the next one may continue; `nil` if the line does not match
    /// its checksum.
    ///
    /// - Parameter line: Where the line is, without its line feed.
    package static func text(
        of line: Range<Int>,
        in bytes: [UInt8],
        following previous: UInt32 = 0
    ) -> (place: Range<Int>, checksum: UInt32)? {
        guard line.count > prefixLength, bytes[line.lowerBound + 8] == UInt8(ascii: " ") else { return nil }
        var expected: UInt32 = 0
        for index in line.lowerBound..<line.lowerBound + 8 {
            guard let digit = digit(bytes[index]) else { return nil }
            expected = expected << 4 | digit
        }
        let place = line.lowerBound + prefixLength..<line.upperBound
        guard CRC32C.checksum(bytes, place, following: previous) == expected else { return nil }
        return (place, expected)
    }

    /// The value of a digit, which is written in lower case.
    package static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        default: nil
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
