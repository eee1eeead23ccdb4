import FlowmancerCore
import FoundationEssentials

/// The byte sequences by which secrets are recognised in output: as they are, and in the encodings in which programs
/// commonly write them.
///
/// None of them holds a line feed. Of a secret within other data that was encoded in base64, the characters at its ends
/// also depend on that data; they are left, and hold at most four bits of the secret's first and last byte.
enum SecretPatterns {
    /// The length in bytes beyond which a secret is not expected in an address or in JSON: the many ways to write it
    /// there would take more time and memory than they are worth.
    private static let longestInText = 16 << 10

    /// Returns the patterns of some secrets, each once.
    static func patterns(of secrets: some Sequence<String>) -> Set<[UInt8]> {
        var patterns: Set<[UInt8]> = []
        for secret in secrets {
            let lines = SecretText.lines(of: secret)
            // What is too short as it is stays so in every encoding.
            guard !lines.isEmpty else { continue }
            for text in Set(lines + [secret]) {
                let isInText = secret.utf8.count <= longestInText
                // As messages show it.
                patterns.insert(Array(text.printable.utf8))
                // A byte that is no text is another one within the program than outside.
                for bytes in Set([Array(text.utf8), text.systemBytes]) {
                    patterns.insert(bytes)
                    insertBase64(of: bytes, into: &patterns)
                    if isInText { insertPercentEncodings(of: bytes, into: &patterns) }
                }
                if isInText { insertJSONEscapes(of: text, into: &patterns) }
            }
        }
        return patterns.filter { $0.count >= SecretText.minimumLength && !$0.contains(UInt8(ascii: "\n")) }
    }

    // MARK: Base64

    /// The widths at which tools commonly break base64 into lines.
    private static let lineWidths = [64, 76]
    /// A piece of base64 shorter than this is not looked for by itself.
    private static let shortestPiece = 12

    private static func insertBase64(of secret: [UInt8], into patterns: inout Set<[UInt8]>) {
        for offset in 0..<3 {
            // Wherever the secret stands in the encoded data, it is this many bytes behind a multiple of three.
            let padded = Data([UInt8](repeating: 0, count: offset) + secret)
            let text = Array(padded.base64EncodedString().utf8)
            let padding = text.drop { $0 != UInt8(ascii: "=") }
            let first = offset == 0 ? 0 : offset + 1
            let atEnd = text[first..<text.count - padding.count]
            // The last character of an incomplete group depends on what is behind the secret, unless that is the end.
            let within = padding.isEmpty ? atEnd : atEnd.dropLast()
            var variants = [Array(within), Array(atEnd), Array(atEnd + padding)]
            if offset == 0 { variants += brokenIntoLines(Array(atEnd)) + brokenIntoLines(text) }
            for variant in variants {
                patterns.insert(variant)
                patterns.insert(urlSafe(variant))
            }
        }
    }

    private static func brokenIntoLines(_ text: [UInt8]) -> [[UInt8]] {
        lineWidths.filter { text.count > $0 }.flatMap { width in
            stride(from: 0, to: text.count, by: width)
                .map { Array(text[$0..<min(text.count, $0 + width)]) }
                .filter { $0.count >= shortestPiece }
        }
    }

    /// The alphabet of RFC 4648, section 5.
    private static func urlSafe(_ text: [UInt8]) -> [UInt8] {
        text.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
    }

    // MARK: Percent-encoding

    /// What the ways of percent-encoding leave as it is, besides letters and digits: nothing, everything unreserved
    /// (RFC 3986), that of JavaScript's `encodeURIComponent`, of forms, of passwords, of paths, of queries, and of whole
    /// addresses.
    private static let unescaped = [
        "", "-._~", "-._~!'()*", "-._*", "-._~!$&'()*+,;=", "-._~!$&'()*+,=:@/", "-._~!$&'()*+,;=:@/",
        "-._~!$&'()*+,;=:@/?", "-._~!'()*;/?:@&=+$,#",
    ].map { Set($0.utf8) }

    private static func insertPercentEncodings(of secret: [UInt8], into patterns: inout Set<[UInt8]>) {
        guard !secret.allSatisfy(isAlphanumeric) else { return }
        for kept in unescaped {
            for digits in [Array("0123456789ABCDEF".utf8), Array("0123456789abcdef".utf8)] {
                for blank in [nil, UInt8(ascii: "+")] {
                    let encoded = secret.flatMap { byte -> [UInt8] in
                        if isAlphanumeric(byte) || kept.contains(byte) { return [byte] }
                        if byte == UInt8(ascii: " "), let blank { return [blank] }
                        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 0xf)]]
                    }
                    patterns.insert(encoded)
                }
            }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }

    // MARK: JSON

    /// What writers of JSON escape or leave, each as they like.
    private static func insertJSONEscapes(of secret: String, into patterns: inout Set<[UInt8]>) {
        func choices(_ isPresent: Bool) -> [Bool] { isPresent ? [false, true] : [false] }
        let scalars = secret.unicodeScalars
        for escapesSlash in choices(scalars.contains("/")) {
            for escapesMarkup in choices(scalars.contains { "<>&".unicodeScalars.contains($0) }) {
                for escapesUnicode in choices(scalars.contains { $0.value >= 0x7f }) {
                    for isUppercase in choices(escapesMarkup || escapesUnicode || scalars.contains { $0.value < 0x20 })
                    {
                        let escaped = scalars.map { scalar in
                            escape(scalar, escapesSlash, escapesMarkup, escapesUnicode, isUppercase)
                        }
                        patterns.insert(Array(escaped.joined().utf8))
                    }
                }
            }
        }
    }

    private static func escape(
        _ scalar: Unicode.Scalar,
        _ escapesSlash: Bool,
        _ escapesMarkup: Bool,
        _ escapesUnicode: Bool,
        _ isUppercase: Bool
    ) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case "\u{8}": "\\b"
        case "\u{c}": "\\f"
        case "/" where escapesSlash: "\\/"
        case "\u{0}"..<" ": unicodeEscapes(of: scalar, isUppercase: isUppercase)
        case "<" where escapesMarkup, ">" where escapesMarkup, "&" where escapesMarkup:
            unicodeEscapes(of: scalar, isUppercase: isUppercase)
        case "\u{7f}"... where escapesUnicode: unicodeEscapes(of: scalar, isUppercase: isUppercase)
        default: String(scalar)
        }
    }

    private static func unicodeEscapes(of scalar: Unicode.Scalar, isUppercase: Bool) -> String {
        scalar.utf16.map { unit in
            let digits = String(unit, radix: 16, uppercase: isUppercase)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
