internal import FlowmancerSystem
internal import Glibc
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import SystemPackage

/// Why a connection ended or was not made, in words. What the libraries say of themselves is for programmers.
enum ConnectionWords {
    /// Returns why a connection ended.
    static func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError: reason(of: Errno(rawValue: error.errnoCode))
        case NIOSSLError.uncleanShutdown:
            "the other side ended without closing the connection: its process or its machine may have died"
        case is BoringSSLError, is NIOSSLError: "what arrived was damaged on the way"
        default: "the connection was closed"
        }
    }

    private static func reason(of code: Errno) -> String {
        switch code {
        case .connectionReset: "the other side reset the connection: its process may have died"
        case .brokenPipe: "the other side closed the connection"
        case .timedOut: "the other machine does not answer any more"
        case let code: "the connection failed: \(words(of: code))"
        }
    }

    /// Returns why there is no connection with an address.
    static func failure(of error: any Error) -> String {
        switch error {
        case let error as HandshakeFailure: error.text
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { failure(of: $0.error) } ?? "the name of the host is unknown"
        case let error as IOError: words(of: Errno(rawValue: error.errnoCode))
        case is SocketAddressError: "the name of the host is unknown"
        case ChannelError.connectTimeout: HandshakeFailure.tooSlow.text
        default: HandshakeFailure(error).text
        }
    }

    /// Returns the system's words for a code, as part of a sentence.
    static func words(of code: Errno) -> String { "\(code)".lowercased() }
}
