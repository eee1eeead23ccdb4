/// Writes text as a JSON string (RFC 8259).
package enum JSONString {
    /// The control characters that have a letter; all others are written by their numbers.
    package enum Letters: Sendable {
        case lineFeed
        case lineFeedReturnAndTab
    }

    /// Appends a text with its quotes.
    package static func append(
        _ text: String,
        to buffer: inout [UInt8],
        letters: Letters = .lineFeedReturnAndTab
    ) {
        buffer.append(quote)
        appendEscaped(text, to: &buffer, letters)
        buffer.append(quote)
    }

    /// Returns what stands between the quotes.
    package static func escaped(_ text: String) -> String {
        var buffer: [UInt8] = []
        appendEscaped(text, to: &buffer, .lineFeedReturnAndTab)
        return String(decoding: buffer, as: UTF8.self)
    }

    private static func appendEscaped(_ text: String, to buffer: inout [UInt8], _ letters: Letters) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == quote || byte == backslash {
                buffer.append(contentsOf: bytes[start..<index])
                start = index + 1
                appendEscape(of: byte, to: &buffer, letters)
            }
            buffer.append(contentsOf: bytes[start...])
        }
    }

    private static func appendEscape(of byte: UInt8, to buffer: inout [UInt8], _ letters: Letters) {
        buffer.append(backslash)
        switch byte {
        case quote, backslash: buffer.append(byte)
        case UInt8(ascii: "\n"): buffer.append(UInt8(ascii: "n"))
        case UInt8(ascii: "\r") where letters == .lineFeedReturnAndTab: buffer.append(UInt8(ascii: "r"))
        case UInt8(ascii: "\t") where letters == .lineFeedReturnAndTab: buffer.append(UInt8(ascii: "t"))
        default:
            buffer.append(contentsOf: "u00".utf8)
            buffer.append(hexadecimal[Int(byte >> 4)])
            buffer.append(hexadecimal[Int(byte & 15)])
        }
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
