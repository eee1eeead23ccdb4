internal import FlowmancerCore
internal import Glibc
internal import NIOCore

/// What this machine is called.
enum OwnAddresses {
    /// Returns all addresses by which other machines may reach this one, then those by which only this one does, and
    /// then its name.
    ///
    /// - Parameter hasIPv6: Whether those of IPv6 are among them.
    static func all(withIPv6 hasIPv6: Bool) -> [String] {
        let addresses = ((try? System.enumerateDevices()) ?? []).compactMap(\.address).compactMap(Address.init)
        let usable = addresses.filter { !$0.isLinkLocal && (hasIPv6 || !$0.isIPv6) }
        var texts = (usable.filter { !$0.isLoopback } + usable.filter(\.isLoopback)).map(\.text)
        if let name { texts.append(name) }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    private static var name: String? {
        var buffer = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return nil }
        let name = String(systemText: buffer)
        return name.isEmpty ? nil : name
    }

    private struct Address {
        let text: String
        let isIPv6: Bool
        let isLoopback: Bool
        let isLinkLocal: Bool

        init?(_ address: SocketAddress) {
            guard let text = address.ipAddress else { return nil }
            self.text = text
            switch address {
            case .v4:
                isIPv6 = false
                isLoopback = text.hasPrefix("127.")
                isLinkLocal = text.hasPrefix("169.254.")
            case .v6:
                isIPv6 = true
                isLoopback = text == "::1"
                // fe80::/10
                isLinkLocal = ["fe8", "fe9", "fea", "feb"].contains { text.hasPrefix($0) }
            case .unixDomainSocket:
                return nil
            }
        }
    }
}
