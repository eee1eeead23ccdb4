import FoundationEssentials

/// The URL of a service, which may hold what nobody should see: messages name its host only.
package struct HTTPAddress: Sendable, Hashable {
    /// The whole URL; the only stored property, since of a secret value every stored text is kept out of messages.
    package let text: String

    /// Why a text is no such URL.
    enum Fault: Sendable, Hashable {
        /// It is none, is of another scheme, or has no host.
        case otherText
        /// It has a user or a password, which would not be sent.
        case credentials
        /// Its port is none from 1 to 65535.
        case port
    }

    /// Takes a URL with a host, of the scheme `http` or `https`, without a user and a password.
    ///
    /// - Returns: `nil` if the text is another one.
    package init?(_ text: String) {
        guard Self.fault(in: text) == nil else { return nil }
        self.text = text
    }

    /// Returns what is wrong with a text; `nil` if it is a URL that requests can go to.
    static func fault(in text: String) -> Fault? {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(), !host.isEmpty
        else { return .otherText }
        // By bytes, as it stands there: to `URL`, a port of too many digits is none at all.
        let rest = text.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst(2)
        let authority = rest.prefix { !"/?#".utf8.contains($0) }
        guard !authority.contains(UInt8(ascii: "@")) else { return .credentials }
        let end = authority.split(separator: UInt8(ascii: "]"), omittingEmptySubsequences: false).last ?? authority
        guard let colon = end.lastIndex(of: UInt8(ascii: ":")) else { return nil }
        let digits = end[end.index(after: colon)...]
        // Nothing after the colon stands for the port of the scheme.
        return digits.isEmpty || isPort(digits) ? nil : .port
    }

    private static func isPort(_ digits: some Collection<UInt8>) -> Bool {
        guard digits.count <= 5, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        return UInt16(String(decoding: digits, as: UTF8.self)).map { $0 > 0 } ?? false
    }

    /// The host, with a port if the URL has one.
    package var host: String {
        guard let url = URL(string: text), var host = url.host() else { return "" }
        // An address of IPv6, which the port is to be told from.
        if host.utf8.contains(UInt8(ascii: ":")), !host.hasPrefix("[") { host = "[\(host)]" }
        return url.port.map { "\(host):\($0)" } ?? host
    }

    /// Whether a text repeats a part of the URL that could be secret.
    func isRevealed(by text: String) -> Bool {
        guard let url = URL(string: self.text) else { return false }
        let parts = (url.path() + "/" + (url.query() ?? "")).split { "/&=?".contains($0) }
        return parts.contains { $0.count >= 4 && text.contains($0) }
    }
}
