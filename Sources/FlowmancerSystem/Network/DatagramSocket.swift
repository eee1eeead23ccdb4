import FlowmancerCore
import Glibc
import SystemPackage

/// A socket to a service that takes datagrams.
///
/// Sending never waits. A service that was started anew is found again with the next message.
///
/// Not sendable: it belongs to one plug-in.
package final class DatagramSocket {
    private let address: DatagramAddress
    private var descriptor: OwnedDescriptor?

    package init(_ address: DatagramAddress) {
        self.address = address
    }

    /// Finds the service.
    package func connect() throws {
        switch address {
        case .path(let path): descriptor = try Self.connectUnix(path)
        case .udp(let host, let port): descriptor = try Self.connectUDP(host, port)
        }
    }

    /// Sends a datagram.
    ///
    /// - Throws: `Errno` if the service does not take it, a ``LookUpError``, or a ``Loss`` if this one was sent, but
    ///   nobody took one before.
    package func send(_ bytes: [UInt8]) throws {
        if let descriptor {
            do throws(Errno) {
                return try Self.send(bytes, to: descriptor)
            } catch .connectionRefused where isUDP {
                // What the system learned of a datagram before; this one it did not even try.
                do throws(Errno) { try Self.send(bytes, to: descriptor) } catch .connectionRefused {}
                throw Loss()
            } catch .resourceTemporarilyUnavailable, .noBufferSpace {
                // The service is there, but behind: a message is given up rather than waited for.
                throw Errno.resourceTemporarilyUnavailable
            } catch {
                self.descriptor = nil
            }
        }
        try connect()
        if let descriptor { try Self.send(bytes, to: descriptor) }
    }

    /// Looks whether somebody took the last datagram, as far as that is known by now.
    ///
    /// - Throws: ``Loss`` if nobody did.
    package func checkLast() throws {
        guard isUDP, let descriptor else { return }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let result = getsockopt(descriptor.rawValue, SOL_SOCKET, SO_ERROR, &error, &size)
        if result == 0, error == ECONNREFUSED { throw Loss() }
    }

    private var isUDP: Bool { if case .udp = address { true } else { false } }

    /// A datagram that was sent to a port where nobody listens.
    package struct Loss: Error, CustomStringConvertible {
        package let description = "nobody listens there, so the message before this one is lost"
    }

    /// A name that stands for no machine.
    struct LookUpError: Error, CustomStringConvertible {
        let description: String
    }

    private static func send(_ bytes: [UInt8], to descriptor: OwnedDescriptor) throws(Errno) {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        let count = bytes.withUnsafeBytes { Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, flags) }
        guard count >= 0 else { throw Errno.current }
    }

    private static func connectUnix(_ path: String) throws(Errno) -> OwnedDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.systemBytes.prefix($0.count - 1)) }
        let descriptor = try socket(AF_UNIX)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno.current }
        return descriptor
    }

    private static func connectUDP(_ host: String, _ port: String) throws -> OwnedDescriptor {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, port, &hints, &list)
        guard code == 0, let first = list else { throw LookUpError(description: String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(first) }
        var reason = Errno.noSuchAddressOrDevice
        for entry in sequence(first: first, next: { $0.pointee.ai_next }) {
            do throws(Errno) {
                let descriptor = try socket(entry.pointee.ai_family)
                if Glibc.connect(descriptor.rawValue, entry.pointee.ai_addr, entry.pointee.ai_addrlen) == 0 {
                    return descriptor
                }
                reason = Errno.current
            } catch {
                reason = error
            }
        }
        throw reason
    }

    private static func socket(_ family: Int32) throws(Errno) -> OwnedDescriptor {
        let result = Glibc.socket(family, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard result >= 0 else { throw Errno.current }
        return OwnedDescriptor(rawValue: result)
    }
}
