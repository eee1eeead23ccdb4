import FlowmancerCore

/// Names and keys as databases keep them: theirs are texts without NUL, and compared byte by byte.
package enum DatabaseText {
    /// Returns a text without NUL from which ``decode(_:)`` makes the original.
    ///
    /// A NUL becomes `\0`, and `\` becomes `\\`; everything else stays as it is.
    package static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == UInt8(ascii: "\\") }) else { return text }
        return text.replacingScalars { scalar in
            switch scalar {
            case "\0": "\\0"
            case "\\": "\\\\"
            default: nil
            }
        }
    }

    /// Returns the text that ``encode(_:)`` was given; `nil` if it never returns this.
    package static func decode(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = ""
        var scalars = text.unicodeScalars.makeIterator()
        while let scalar = scalars.next() {
            guard scalar == "\\" else {
                result.unicodeScalars.append(scalar)
                continue
            }
            switch scalars.next() {
            case "0": result.append("\0")
            case "\\": result.append("\\")
            default: return nil
            }
        }
        return result
    }

    /// Returns JSON without NUL, which JSON allows only in its escaped form.
    package static func encodeJSON(_ text: String) -> String {
        text.utf8.contains(0) ? text.replacing("\0", with: "\\u0000") : text
    }
}
