import FlowmancerCore

/// Where a service listens that takes datagrams.
package enum DatagramAddress: Sendable, Hashable {
    /// A socket in the file system.
    case path(String)
    /// A port of UDP.
    case udp(host: String, port: String)

    /// Reads an address: `/dev/log`, `host`, `host:514`, `[::1]:514`.
    ///
    /// - Parameter defaultPort: The port where the text has none.
    /// - Returns: `nil` if the text is none of them.
    package init?(_ text: String, defaultPort: UInt16) {
        if text.isAbsolutePath {
            // What the system's structure for such an address has room for.
            guard text.systemBytes.count < 108, !text.utf8.contains(0) else { return nil }
            self = .path(text)
            return
        }
        var host = Substring(text)
        var port: Substring?
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
            if !rest.isEmpty { port = rest.dropFirst() }
        } else if let colon = text.lastIndex(of: ":"), text.firstIndex(of: ":") == colon {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let number = port.map { UInt16($0) } ?? defaultPort
        guard !host.isEmpty, !host.utf8.contains(0), let number, number > 0 else { return nil }
        self = .udp(host: String(host), port: String(number))
    }
}
