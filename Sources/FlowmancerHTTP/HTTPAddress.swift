import FoundationEssentials

/// The URL of a service, which may hold what nobody should see: messages name its host only.
package struct HTTPAddress: Sendable, Hashable {
    /// The whole URL; the only stored property, since of a secret value every stored text is kept out of messages.
    package let text: String

    /// Takes a URL with a host, of the scheme `http` or `https`.
    ///
    /// - Returns: `nil` if the text is another one.
    package init?(_ text: String) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), scheme == "http" || scheme == "https",
            let host = url.host(), !host.isEmpty
        else { return nil }
        self.text = text
    }

    /// The host, with a port if the URL has one.
    package var host: String {
        guard let url = URL(string: text), let host = url.host() else { return "" }
        return url.port.map { "\(host):\($0)" } ?? host
    }

    /// Whether a text repeats a part of the URL that could be secret.
    func isRevealed(by text: String) -> Bool {
        guard let url = URL(string: self.text) else { return false }
        let rest = url.path() + "/" + (url.query() ?? "") + "/" + (url.user() ?? "") + "/" + (url.password() ?? "")
        let parts = rest.split { "/&=?".contains($0) }
        return parts.contains { $0.count >= 4 && text.contains($0) }
    }
}
