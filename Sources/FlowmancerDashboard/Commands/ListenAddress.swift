import ArgumentParser
import FlowmancerCore

/// Where a server listens. A pure value.
enum ListenAddress: ExpressibleByArgument, Hashable, Sendable {
    case port(host: String, Int)
    case socket(path: String)

    static let standard = ListenAddress.port(host: "127.0.0.1", 7878)

    /// Reads `127.0.0.1:7878`, `[::1]:7878`, `:7878`, `7878`, or `unix:/run/flowmancer.sock`.
    init?(argument text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            // The system has room for 107 bytes.
            guard !path.isEmpty, path.utf8.count <= 107, !path.contains("\0") else { return nil }
            self = .socket(path: path)
            return
        }
        let (host, port): (Substring, Substring)
        if let colon = text.lastIndex(of: ":") {
            (host, port) = (text[..<colon], text[text.index(after: colon)...])
        } else {
            (host, port) = ("", text[...])
        }
        guard let number = Int(port), (0...65_535).contains(number), port.allSatisfy(\.isNumber) else { return nil }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        // Which colon of an address without brackets is that of the port cannot be told.
        guard isBracketed || !host.contains(where: { $0 == ":" || $0 == "[" || $0 == "]" || $0.isWhitespace }) else {
            return nil
        }
        let name = isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        self = .port(host: name.isEmpty ? "127.0.0.1" : name.lowercased(), number)
    }

    var defaultValueDescription: String { description }

    /// Whether only programs of this machine can reach it.
    var isLocal: Bool {
        switch self {
        case .socket: true
        case .port(let host, _): Self.localNames.contains(host) || Self.isLoopback(host)
        }
    }

    /// 127.0.0.0/8
    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private static let localNames: Set<String> = ["localhost", "::1"]

    /// The names in `Host` headers that mean this server.
    var hosts: Set<String> {
        switch self {
        case .socket: ["localhost", "127.0.0.1", "[::1]"]
        case .port(let host, _):
            Set(isLocal ? ["localhost", "127.0.0.1", "[::1]"] : []).union([Self.inAddress(host)])
        }
    }

    /// The path of a socket in the file system; `nil` for a port.
    var socketPath: String? { if case .socket(let path) = self { path } else { nil } }

    /// The host that a browser of this machine goes to.
    var linkHost: String {
        guard case .port(let host, _) = self else { return "localhost" }
        return ["0.0.0.0", "::"].contains(host) ? "localhost" : host
    }

    private static func inAddress(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }

    /// `127.0.0.1:7878`
    var description: String {
        switch self {
        case .socket(let path): "unix:\(path)"
        case .port(let host, let port): "\(Self.inAddress(host)):\(port)"
        }
    }
}
