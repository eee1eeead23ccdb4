import Glibc
import NIOCore
import NIOPosix

/// Why there is no connection, in words.
package enum ConnectionFailure {
    /// Returns the reason that people can do something about.
    package static func text(of error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            if let first = error.connectionErrors.first { return text(of: first.error) }
            return "the host name is unknown (\(error.host))"
        case let error as IOError:
            return String(cString: strerror(error.errnoCode)).lowercased()
        case let error as ChannelError:
            if case .connectTimeout = error { return "it did not accept the connection in time" }
            return "the connection was closed"
        default:
            return EncryptionFailure(error)?.text ?? "the connection failed (\(type(of: error)))"
        }
    }
}
