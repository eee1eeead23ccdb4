import FlowmancerCore

/// A piece of a page. What is written out in its literals is markup; whatever is put into them is data and never becomes
/// markup.
///
/// Control characters in data are shown instead of acting.
package struct HTMLText: ExpressibleByStringInterpolation, Sendable {
    package private(set) var bytes: [UInt8] = []

    init() {}

    /// - Parameter markup: What was written as markup elsewhere.
    init(markup: String) {
        bytes = Array(markup.utf8)
    }

    package init(stringLiteral markup: String) {
        self.init(markup: markup)
    }

    package init(stringInterpolation: StringInterpolation) {
        bytes = stringInterpolation.bytes
    }

    static func += (text: inout HTMLText, more: HTMLText) {
        text.bytes += more.bytes
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var bytes: [UInt8] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        package mutating func appendLiteral(_ markup: String) {
            bytes += markup.utf8
        }

        mutating func appendInterpolation(_ number: Int) {
            bytes += String(number).utf8
        }

        mutating func appendInterpolation(_ text: HTMLText) {
            bytes += text.bytes
        }

        /// Data on one line.
        package mutating func appendInterpolation(_ text: String) {
            Self.append(text, to: &bytes) { $0.printable }
        }

        /// Data that may have several lines.
        package mutating func appendInterpolation(lines text: String) {
            Self.append(text, to: &bytes) { $0.printableLines }
        }

        private static func append(_ text: String, to bytes: inout [UInt8], _ printable: (String) -> String) {
            // Most text has nothing in it that needs care.
            guard text.utf8.contains(where: { !isPlain($0) }) else {
                bytes += text.utf8
                return
            }
            for scalar in printable(text).unicodeScalars {
                switch scalar {
                case "&": bytes += "&amp;".utf8
                case "<": bytes += "&lt;".utf8
                case ">": bytes += "&gt;".utf8
                case "\"": bytes += "&quot;".utf8
                case "'": bytes += "&#39;".utf8
                // Pages cannot have these.
                case "\u{FFFE}", "\u{FFFF}": bytes += "\u{FFFD}".utf8
                default: bytes += String(scalar).utf8
                }
            }
        }

        private static func isPlain(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
            case 0x20..<0x7F: true
            default: false
            }
        }
    }
}

extension String {
    /// The beginning of a long text, with a sign that something follows.
    func cut(to limit: Int) -> String {
        // So many bytes are never more characters.
        utf8.count <= limit || count <= limit ? self : "\(prefix(limit - 1))…"
    }
}
