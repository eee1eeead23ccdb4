public import FlowmancerCore
import FoundationEssentials

/// Tells people by electronic mail how a run goes.
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
    /// Who is told.
    @Parameter("The address, or a list of them, that the mail goes to.")
    public var recipient: TextList
    /// The mail server.
    @Parameter("The host name of the mail server.")
    public var smtpHost: String
    /// The port of the mail server; by ``security`` unless given.
    @Parameter("The port of the mail server; 25 unless given, with starttls 587, with tls 465.")
    public var smtpPort: UInt16?
    /// The part of the sender's address before the `@`.
    @Parameter("The sender's address before the @.")
    public var senderUser: String
    /// The part of the sender's address after the `@`.
    @Parameter("The sender's address after the @.")
    public var senderHost: String
    @Parameter("How the connection is encrypted: none, starttls, or tls from its beginning.")
    package var security = SMTPConversation.Security.none
    /// The name to log in with.
    @Parameter("The name to log in with, if the server asks for one.")
    public var user: String?
    /// The password to log in with.
    @Parameter(.secret, "The password to log in with.")
    public var password: String?
    /// A file with further certificates to trust.
    @Parameter("A PEM file with certificates of authorities that are trusted beside those of the system.")
    public var caFile: String?

    /// When messages are sent.
    @Flattened public var moments: NotificationMoments

    /// What is remembered of the run.
    public let record = RunRecord()

    /// Creates a notification for nobody.
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
            throw NotificationError("'user' and 'password' belong together; give both, or none")
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
            throw NotificationError("'\(text.printable)' is no mail address; check \(parameter)")
        }
        return address
    }
}
