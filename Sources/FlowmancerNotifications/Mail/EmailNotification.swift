public import FlowmancerCore
import FoundationEssentials

/// Sends messages about a run by mail.
///
/// ```yaml
/// extensions:
///   mail:
///     extension: EmailNotification
///     parameters:
///       recipient: [operations@example.org, me@example.org]
///       smtp_host: mail.example.org
///       sender_user: flowmancer
///       sender_host: example.org
///       security: starttls
///       user: flowmancer
///       password: $ENV{MAIL_PASSWORD}
/// ```
public struct EmailNotification: RunNotification {
    public static let abstract = "Sends an e-mail about the run."

    /// The addresses that the mail is sent to.
    @Parameter("One or more addresses to send the mail to.")
    public var recipient: TextList
    /// The host name of the mail server.
    @Parameter("The host name of the mail server.")
    public var smtpHost: String
    /// The port of the mail server. The default depends on the encryption: 25, with `starttls` 587, with `tls` 465.
    @Parameter("The port of the mail server. Default: 25, with starttls 587, with tls 465.")
    public var smtpPort: UInt16?
    /// The part of the sender's address before the `@`.
    @Parameter("The part of the sender's address before the @.")
    public var senderUser: String
    /// The part of the sender's address after the `@`.
    @Parameter("The part of the sender's address after the @.")
    public var senderHost: String
    @Parameter("How to encrypt the connection: none, starttls, or tls (from the start).")
    package var security = SMTPConversation.Security.none
    /// The user name, if the mail server requires a login.
    @Parameter("The user name, if the mail server requires a login.")
    public var user: String?
    /// The password, if the mail server requires a login.
    @Parameter(.secret, "The password, if the mail server requires a login.")
    public var password: String?
    /// A PEM file with additional certificate authorities to trust.
    @Parameter("A PEM file with additional certificate authorities to trust.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    /// The state of the run, for the text of messages.
    public let record = RunRecord()

    /// Creates a notification without recipients and a server.
    public init() {}

    /// Sends a message to all recipients.
    public func send(_ message: NotificationMessage) async throws {
        let order = SMTPConversation.Order(
            clientName: runInfo.hostName,
            security: security,
            credentials: try credentials(),
            message: try mail(message)
        )
        let client = SMTPClient(host: smtpHost, port: port, authorities: caFile)
        let server = "\(smtpHost.printable):\(port)"
        let delivery = try await client.deliver(order, within: sendingLimit)
        if let complaint = delivery.complaint(server: server, masking: runInfo.mask) {
            throw NotificationError(complaint)
        }
    }

    private var port: Int {
        if let smtpPort { return Int(smtpPort) }
        return switch security {
        case .none: 25
        case .starttls: 587
        case .tls: 465
        }
    }

    func credentials() throws(NotificationError) -> SMTPConversation.Credentials? {
        switch (user, password) {
        case (nil, nil): return nil
        case (let user?, let password?):
            guard security != .none else {
                throw NotificationError("the password would be sent in plain text; set 'security' to starttls or tls")
            }
            return SMTPConversation.Credentials(user: user, password: password)
        default:
            throw NotificationError("set both 'user' and 'password', or neither")
        }
    }

    private func mail(_ message: NotificationMessage) throws -> MailMessage {
        MailMessage(
            sender: try Self.address("\(senderUser)@\(senderHost)", of: "'sender_user' and 'sender_host'"),
            recipients: try recipient.values.map { try Self.address($0, of: "'recipient'") },
            subject: message.title,
            text: message.text,
            date: Date(),
            id: UUID().uuidString.lowercased()
        )
    }

    private static func address(_ text: String, of parameter: String) throws -> MailAddress {
        guard let address = MailAddress(text) else {
            throw NotificationError("'\(text.printable)' is not a mail address; check \(parameter)")
        }
        return address
    }
}
