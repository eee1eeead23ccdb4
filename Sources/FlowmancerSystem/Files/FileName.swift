import FlowmancerCore

/// Turns the names of tasks and jobs into names of files.
package enum FileName {
    /// The length in bytes that an encoded name never exceeds; what is appended to it has to fit into the 255 bytes
    /// that file systems allow.
    package static let maximumLength = 200

    /// Returns a file name for a task or a job.
    ///
    /// A `/`, a `%`, control characters, line separators and a leading dot are percent-encoded, so that no name leads
    /// out of a directory, hides a file or breaks a line of a listing. Different names have different file names: a
    /// name that is too long is cut, and ends in a `%~` and a digest of the whole name, which no other name contains.
    ///
    /// - Parameter name: Any text, also an empty one.
    package static func encode(_ name: String) -> String {
        guard !name.isEmpty else { return "%" }
        let digestLength = 2 + 16
        var result = ""
        var lengthOfPrefix = 0
        var length = 0
        for (index, scalar) in name.unicodeScalars.enumerated() {
            let piece = isSafe(scalar, isFirst: index == 0) ? String(scalar) : percentEncoded(scalar)
            length += piece.utf8.count
            if length <= maximumLength { result += piece }
            if length <= maximumLength - digestLength { lengthOfPrefix = length }
        }
        guard length > maximumLength else { return result }
        return String(decoding: result.utf8.prefix(lengthOfPrefix), as: UTF8.self) + "%~" + digest(of: name)
    }

    private static func isSafe(_ scalar: Unicode.Scalar, isFirst: Bool) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: false
        case 0x2F, 0x25: false
        case 0x2E: !isFirst
        default: true
        }
    }

    private static func percentEncoded(_ scalar: Unicode.Scalar) -> String {
        String(scalar).utf8.reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16, uppercase: true)
            text += digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }
    }

    private static func digest(of name: String) -> String {
        var hash = StableHash()
        hash.combine(bytes: name.utf8)
        return hash.hexadecimal
    }
}
