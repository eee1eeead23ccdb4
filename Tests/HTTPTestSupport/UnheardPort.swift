import Glibc

/// A port of UDP on this machine at which nobody takes a datagram, nor will while this value lives: it is taken by a
/// socket that hears only another port.
package final class UnheardPort {
    package let number: Int
    private let descriptor: Int32

    package init() throws {
        struct NoPort: Error {}
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = Self.address(port: 0)
        var peer = Self.address(port: 1)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, size) = (descriptor, length)
        let isBound = Self.with(&address) {
            bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &length) == 0
        }
        guard isBound, Self.with(&peer, { connect(descriptor, $0, size) == 0 }) else {
            close(descriptor)
            throw NoPort()
        }
        number = Int(in_port_t(bigEndian: address.sin_port))
    }

    private static func address(port: in_port_t) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private static func with(_ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Bool) -> Bool {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }

    deinit {
        close(descriptor)
    }
}
