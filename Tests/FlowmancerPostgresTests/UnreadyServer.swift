#if Postgres
    import Foundation
    import Glibc
    import Synchronization
    import TestSupport

    /// A server that is about to be ready, says so to whoever connects, and ends before it is.
    final class UnreadyServer: Sendable {
        private let remaining: Mutex<Int>

        /// - Parameter count: How many connections it answers.
        init(port: Int, connections count: Int) throws {
            remaining = Mutex(count)
            let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var yes: Int32 = 1
            setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(UInt16(port).bigEndian)
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            let result = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard result == 0, listen(listener, 16) == 0 else { throw SetupError(text: "no socket: \(errno)") }
            Thread.detachNewThread { [self] in
                while remaining.withLock({ $0 }) > 0 {
                    let connection = accept(listener, nil, nil)
                    let isLast = remaining.withLock { count in
                        count -= 1
                        return count == 0
                    }
                    // Nobody may connect between the last answer and the end.
                    if isLast { close(listener) }
                    Self.answer(connection)
                    close(connection)
                }
            }
        }

        /// How many connections it would still answer.
        var unanswered: Int { remaining.withLock { $0 } }

        private static func answer(_ connection: Int32) {
            var header = [UInt8](repeating: 0, count: 8)
            while recv(connection, &header, 8, Int32(MSG_WAITALL)) == 8 {
                let length = header.prefix(4).reduce(0) { $0 << 8 | Int($1) }
                // A request for encryption has nothing else in it.
                if length == 8 {
                    send(connection, "N", 1, Int32(MSG_NOSIGNAL))
                    continue
                }
                var rest = [UInt8](repeating: 0, count: length - 8)
                recv(connection, &rest, rest.count, Int32(MSG_WAITALL))
                let text = "SFATAL\0C57P03\0Mthe database system is not yet accepting connections\0\0"
                let size = UInt32(text.utf8.count + 4)
                let bytes = [UInt8(ascii: "E")] + (0..<4).map { UInt8(size >> (24 - 8 * $0) & 0xFF) } + Array(text.utf8)
                send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                return
            }
        }
    }
#endif
