internal import FlowmancerCore
internal import NIOCore

/// Where an engine listens for pilots, as a job says it: `HOST:PORT`, `HOST` or `:PORT`.
package struct PilotAddress: Sendable, Hashable {
    /// The name or the address of the machine, as pilots reach it; `nil` for everything that the machine is called.
    package var host: String?
    /// The port, from 1 to 65,535; `nil` for a free one.
    package var port: Int?

    /// All addresses of the machine, and a free port.
    package static let any = PilotAddress(host: nil, port: nil)

    private init(host: String?, port: Int?) {
        (self.host, self.port) = (host, port)
    }

    /// Reads an address. One of IPv6 stands in brackets if a port follows it.
    ///
    /// - Throws: An error that says what is wrong.
    package init(_ text: String) throws(PilotListenerError) {
        let (host, port) = Self.parts(of: text)
        if let port {
            let digits = port.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard digits, let number = Int(port), (1...65_535).contains(number) else {
                throw Self.error(text, "'\(port.printable)' is no port from 1 to 65535")
            }
            self.port = number
        }
        guard !host.isEmpty || port != nil else { throw Self.error(text, "it is empty") }
        let allowed = host.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"[]/@?#".utf8.contains($0) }
        guard allowed, host.utf8.count <= 253 else {
            throw Self.error(text, "'\(host.printable)' is no name of a host")
        }
        if host.utf8.contains(UInt8(ascii: ":")), Self.isNumeric(host) == false {
            throw Self.error(text, "'\(host.printable)' is no address of IPv6")
        }
        self.host = host.isEmpty ? nil : host
    }

    private static func parts(of text: String) -> (host: String, port: String?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[text.index(after: end)...]
            let host = String(text[text.index(after: text.startIndex)..<end])
            if rest.isEmpty { return (host, nil) }
            if rest.hasPrefix(":") { return (host, String(rest.dropFirst())) }
        }
        guard let colon = text.firstIndex(of: ":"), text.lastIndex(of: ":") == colon else { return (text, nil) }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }

    private static func error(_ text: String, _ reason: String) -> PilotListenerError {
        PilotListenerError(
            "'\(text.printable)' is no address for pilots: \(reason); write HOST:PORT, HOST or :PORT, "
                + "and an address of IPv6 in brackets"
        )
    }

    /// Whether a host is an address and not a name.
    static func isNumeric(_ host: String) -> Bool { (try? SocketAddress(ipAddress: host, port: 0)) != nil }
}
