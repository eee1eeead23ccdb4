import FlowmancerCore
import FlowmancerSystem

/// What the owner of a token may do.
enum Access: String, Sendable, Hashable {
    /// Look, abort runs and start jobs.
    case full
    /// Look.
    case readOnly = "read_only"
}

/// A secret that lets its owner in.
struct AccessToken: Sendable {
    /// 43 characters of base 64 as of RFC 4648, section 5: 256 bits.
    let text: String

    static let length = 43

    /// Draws a token.
    init() {
        var random = SystemRandomNumberGenerator()
        var bits = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }[...]
        var text = ""
        while let first = bits.popFirst() {
            let (second, third) = (bits.popFirst(), bits.popFirst())
            let word = UInt32(first) << 16 | UInt32(second ?? 0) << 8 | UInt32(third ?? 0)
            let count = third == nil ? (second == nil ? 2 : 3) : 4
            for place in 0..<count {
                text.append(Self.alphabet[Int(word >> (18 - 6 * UInt32(place)) & 63)])
            }
        }
        self.text = text
    }

    /// - Returns: `nil` if the text is too short for a secret, or has characters that an address would have to encode.
    init?(_ text: String) {
        guard text.utf8.count >= Self.length, text.utf8.count <= 256, text.allSatisfy(Self.characters.contains) else {
            return nil
        }
        self.text = text
    }

    /// Whether a text is the token. How long that takes tells nothing about the token.
    func matches(_ other: String) -> Bool {
        let (own, other) = (Array(text.utf8), Array(other.utf8))
        guard own.count == other.count else { return false }
        return zip(own, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    private static let characters = Set(alphabet)
}

/// The tokens of a server.
struct AccessTokens: Sendable {
    let full: AccessToken
    let readOnly: AccessToken

    /// Returns what the owner of a token may do; `nil` if it is none of these.
    func access(of text: String) -> Access? {
        let (isFull, isReadOnly) = (full.matches(text), readOnly.matches(text))
        return isFull ? .full : isReadOnly ? .readOnly : nil
    }
}
