import FlowmancerCore
package import FlowmancerHTTP

/// Why a mail server did not take a message.
package enum SMTPFailure: Error, Sendable, Hashable {
    /// It refused a step.
    case rejected(step: String, SMTPReply)
    /// It does not have an ability that is needed.
    case cannot(String)
    /// What it said is no SMTP.
    case protocolViolation(String)
    /// There was no connection.
    case noConnection(String)
    /// The connection ended before the server had taken the message.
    case lostConnection(String)
    /// The connection could not be encrypted.
    case noEncryption(EncryptionFailure)
    /// The file of authorities cannot be used.
    case noAuthorities(AuthorityFile.Failure)
    case timeout(Duration)
    case noRecipient

    /// Whether the same message may be taken soon.
    package var isTemporary: Bool {
        switch self {
        case .rejected(_, let reply): reply.isTemporary
        case .noConnection, .lostConnection: true
        case .noEncryption(let failure): failure.isTemporary
        case .cannot, .protocolViolation, .noAuthorities, .timeout, .noRecipient: false
        }
    }

    /// The failure in words, with what to do about it.
    ///
    /// - Parameters:
    ///   - server: The host and port of the server.
    ///   - mask: Masks secrets in what the server said.
    package func text(server: String, masking mask: (String) -> String = { $0 }) -> String {
        switch self {
        case .rejected(let step, let reply):
            "the mail server \(server) refused \(step): \(Self.quoted(reply.text, mask)); "
                + Self.advice(for: step, reply)
        case .cannot(let ability):
            "the mail server \(server) cannot \(ability); change 'security', 'user' or the addresses, or use "
                + "another server"
        case .protocolViolation(let text):
            "\(server) does not speak SMTP: \(Self.quoted(text, mask)); "
                + "check 'smtp_host', 'smtp_port' and 'security'"
        case .noConnection(let reason):
            "the mail server \(server) cannot be reached: \(reason.printable); check 'smtp_host' and 'smtp_port', and that it is "
                + "running"
        case .lostConnection(let reason):
            "the connection to the mail server \(server) was lost: \(reason.printable); check 'smtp_port' and 'security', and "
                + "that a mail server is running there"
        case .noEncryption(let failure):
            "the connection to the mail server \(server) could not be encrypted: \(failure.text); "
                + Self.advice(for: failure)
        case .noAuthorities(let failure):
            failure.text
        case .timeout(let limit):
            "the mail server \(server) did not accept the message within \(limit.text); check 'smtp_host', 'smtp_port' and "
                + "'security', and that it is running"
        case .noRecipient:
            "the message has no recipient; set 'recipient'"
        }
    }

    /// As much as is shown of what the server said.
    private static let shownLength = 200

    /// Returns the beginning of what the server said.
    ///
    /// Secrets are masked first: neither a part of one nor one with escaped characters would be recognised.
    package static func quoted(_ text: String, _ mask: (String) -> String) -> String {
        let text = mask(text).printable
        return text.count > shownLength ? "\(text.prefix(shownLength))…" : text
    }

    private static func advice(for failure: EncryptionFailure) -> String {
        switch failure {
        case .untrusted: "set 'ca_file' to the certificate of the authority"
        case .wrongName: "set 'smtp_host' to the name that the certificate has"
        case .noTLS, .interrupted, .other: "check 'smtp_port' and 'security'"
        }
    }

    /// What to do about a refusal; what passes is nobody's mistake.
    package static func advice(for step: String, _ reply: SMTPReply) -> String {
        if reply.isTemporary { return "it may accept it later" }
        return switch step {
        case "the user name or the password": "check 'user' and 'password'"
        case "the sender": "check 'sender_user' and 'sender_host'"
        case let step where step.hasPrefix("the recipient"): "check 'recipient'"
        default: "ask the administrator of the server"
        }
    }
}
