internal import NIOSSL

/// Why two programs that are connected have not come to an understanding.
enum HandshakeFailure: Error, Hashable {
    case tooSlow
    /// The other side does not have the certificate that is expected.
    case stranger
    /// The other side does not accept the certificate of this side.
    case refused
    /// What answers does not encrypt, or not in this way.
    case otherProtocol
    /// The other side ended the connection.
    case closed
    /// It was given up: another address was faster, or nobody wants a connection any more.
    case cancelled

    /// Takes an error of the library.
    init(_ error: any Error) {
        switch error {
        case let failure as HandshakeFailure: self = failure
        case NIOSSLError.handshakeFailed(let error): self.init(error)
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: self = .stranger
        case let error as BoringSSLError: self.init(error)
        default: self = .closed
        }
    }

    private init(_ error: BoringSSLError) {
        switch error {
        case .sslError(let errors) where errors.contains(.eofDuringHandshake): self = .closed
        case .sslError(let errors), .unknownError(let errors):
            let text = errors.map(\.description).joined(separator: " ")
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                self = .stranger
            } else if text.contains("ALERT") {
                self = .refused
            } else {
                self = .otherProtocol
            }
        default: self = .closed
        }
    }

    /// The failure in words, of the other side.
    var text: String {
        switch self {
        case .tooSlow: "it did not answer in time"
        case .stranger: "what answers there is not the engine of this run"
        case .refused: "the engine there does not accept this invitation"
        case .otherProtocol: "what answers there is not an engine"
        case .closed: "it closed the connection"
        case .cancelled: "it was not tried to the end"
        }
    }
}
