/// The Castagnoli CRC of 32 bits, as iSCSI uses it (RFC 3720, section 12.1, with the examples of appendix B.4).
///
/// The polynomial is 0x1EDC6F41, reflected 0x82F63B78. Eight bytes are taken at a time, by the slicing-by-8 method of
/// Kounavis and Berry, "A Systematic Approach to Building High Performance Software-based CRC Generators" (2005).
package enum CRC32C {
    /// Returns the checksum of a range of bytes.
    ///
    /// - Parameter previous: The checksum of what comes before these bytes, to continue it.
    package static func checksum(_ bytes: [UInt8], _ range: Range<Int>, following previous: UInt32 = 0) -> UInt32 {
        let table = tables
        var crc = ~previous
        var index = range.lowerBound
        while range.upperBound - index >= 8 {
            let low = crc ^ word(bytes, index)
            let high = word(bytes, index + 4)
            let lowPart =
                table[7 * 256 + Int(low & 0xFF)] ^ table[6 * 256 + Int(low >> 8 & 0xFF)]
                ^ table[5 * 256 + Int(low >> 16 & 0xFF)] ^ table[4 * 256 + Int(low >> 24)]
            let highPart =
                table[3 * 256 + Int(high & 0xFF)] ^ table[2 * 256 + Int(high >> 8 & 0xFF)]
                ^ table[1 * 256 + Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
            crc = lowPart ^ highPart
            index += 8
        }
        while index < range.upperBound {
            crc = table[Int((crc ^ UInt32(bytes[index])) & 0xFF)] ^ crc >> 8
            index += 1
        }
        return ~crc
    }

    /// Returns the checksum of all bytes.
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        checksum(bytes, bytes.indices)
    }

    private static func word(_ bytes: [UInt8], _ index: Int) -> UInt32 {
        UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
            | UInt32(bytes[index + 3]) << 24
    }

    /// Eight tables of 256 entries, one after the other.
    private static let tables: [UInt32] = {
        var result = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            result[byte] = (0..<8).reduce(UInt32(byte)) { crc, _ in
                crc & 1 == 1 ? crc >> 1 ^ 0x82F6_3B78 : crc >> 1
            }
        }
        for index in 256..<result.count {
            let previous = result[index - 256]
            result[index] = result[Int(previous & 0xFF)] ^ previous >> 8
        }
        return result
    }()
}
