/// What came of sending a request.
package enum HTTPOutcome: Sendable, Hashable {
    /// The server answered; `detail` is what it said: of a failure the beginning.
    case answer(status: Int, retryAfter: Duration? = nil, detail: String = "")
    /// There was no connection, or it broke.
    case noConnection(reason: String)
    /// The connection could not be encrypted.
    case noEncryption(EncryptionFailure)
    /// The file of authorities cannot be used.
    case noAuthorities(AuthorityFile.Failure)
    /// What came back is no HTTP.
    case noHTTP
    /// There was no answer in time.
    case timeout(Duration)
    /// The request cannot be sent at all.
    case invalidRequest(reason: String)

    package var isSuccess: Bool {
        if case .answer(let status, _, _) = self { (200..<300).contains(status) } else { false }
    }

    /// Whether the same request may have success soon.
    var isTemporary: Bool {
        switch self {
        case .answer(let status, _, _): status == 429 || status >= 500
        case .noConnection: true
        case .noEncryption(let failure): failure.isTemporary
        case .noHTTP, .noAuthorities, .timeout, .invalidRequest: false
        }
    }
}
