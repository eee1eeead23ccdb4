import NIOSSL

/// Why a connection could not be encrypted, as far as people can do something about it.
package enum EncryptionFailure: Error, Sendable, Hashable {
    /// The server's certificate has expired, or nobody who is trusted signed it.
    case untrusted
    /// The server's certificate is that of another one.
    case wrongName
    /// The server answered with something else.
    case noTLS
    /// The connection ended before it was encrypted.
    case interrupted
    /// Anything else; of what the library says only the reason.
    case other(reason: String)

    /// Takes an error of the library.
    ///
    /// - Returns: `nil` if the error is about something else.
    package init?(_ error: any Error) {
        switch error {
        case let error as NIOSSLError: self.init(encryption: error)
        case let error as BoringSSLError: self.init(handshake: error)
        case let error as NIOSSLExtraError:
            self =
                error == .failedToValidateHostname
                ? .wrongName : .other(reason: "no certificate can contain the host name")
        default: return nil
        }
    }

    private init(encryption error: NIOSSLError) {
        switch error {
        case .handshakeFailed(let error), .shutdownFailed(let error): self.init(handshake: error)
        case .unableToValidateCertificate: self = .untrusted
        case .noCertificateToValidate: self = .other(reason: "the server has no certificate")
        case .uncleanShutdown: self = .interrupted
        default: self = .other(reason: "the encryption failed")
        }
    }

    private init(handshake error: BoringSSLError) {
        switch error {
        case .sslError(let errors) where errors.contains(.eofDuringHandshake): self = .interrupted
        case .sslError(let errors), .unknownError(let errors), .invalidSNIName(let errors),
            .failedToSetALPN(let errors):
            self.init(reason: errors.lazy.compactMap { Self.reason(in: $0.description) }.first)
        case .zeroReturn, .syscallError: self = .interrupted
        default: self = .other(reason: "the encryption failed")
        }
    }

    /// - Parameter reason: The library's name of the reason.
    init(reason: String?) {
        switch reason {
        case "CERTIFICATE_VERIFY_FAILED": self = .untrusted
        case "WRONG_VERSION_NUMBER": self = .noTLS
        case let reason?: self = .other(reason: reason)
        case nil: self = .other(reason: "the encryption failed")
        }
    }

    /// Returns the name in `error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED at FILE:LINE`.
    static func reason(in text: String) -> String? {
        text.split { $0 == ":" || $0 == " " }.map(String.init).first { word in
            word.contains("_") && word.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || $0 == "_") }
        }
    }

    /// Whether the same server may encrypt a connection soon.
    package var isTemporary: Bool { self == .interrupted }

    /// The failure in words, without what to do about it.
    package var text: String {
        switch self {
        case .untrusted:
            "its certificate is not trusted: it has expired, or no known authority signed it"
        case .wrongName: "its certificate is for another name"
        case .noTLS: "the server does not speak TLS on this port"
        case .interrupted: "the server closed the connection"
        case .other(let reason): reason
        }
    }
}
