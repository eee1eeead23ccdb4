import FoundationEssentials

/// What is said to a mail server to hand it one message (RFC 5321). A pure value: it performs nothing.
package struct SMTPConversation: Sendable {
    /// How the connection is kept from being read by others.
    package enum Security: String, Sendable, Hashable, CaseIterable {
        /// It is not.
        case none
        /// It begins in plain text and is encrypted before anything matters; a server that cannot do that gets nothing.
        case starttls
        /// It is encrypted from the beginning.
        case tls
    }

    package struct Credentials: Sendable, Hashable {
        package var user: String
        package var password: String

        package init(user: String, password: String) {
            self.user = user
            self.password = password
        }
    }

    /// What is to be handed over, and how.
    package struct Order: Sendable {
        /// How this machine introduces itself.
        package var clientName: String
        package var security: Security
        package var credentials: Credentials?
        package var message: MailMessage
        /// Who is to get it: all that the message names, or those of them that did not yet.
        package var recipients: [MailAddress]

        package init(clientName: String, security: Security, credentials: Credentials?, message: MailMessage) {
            self.clientName = clientName
            self.security = security
            self.credentials = credentials
            self.message = message
            recipients = message.recipients
        }
    }

    package enum Action: Sendable, Hashable {
        /// Send a text.
        case send(String)
        /// Begin to encrypt, and call ``tlsBegan()`` when that is done.
        case beginTLS
        /// The message was taken for all but these recipients; close the connection after what is sent.
        case succeed(refused: [Refusal])
        case fail(SMTPFailure)
    }

    package struct Refusal: Sendable, Hashable {
        package var recipient: String
        package var reply: SMTPReply
    }

    private enum Stage: Sendable {
        case greeting, hello(isEncrypted: Bool), shortHello, startTLS, waitingForTLS
        /// What is still to be sent, each after the server asked for it.
        case authentication([String])
        case sender, recipient(Int), data, content, done
    }

    private let order: Order
    private var stage = Stage.greeting
    private var abilities: Set<String> = []
    private var mechanisms: Set<String> = []
    private var refused: [Refusal] = []

    package init(_ order: Order) {
        self.order = order
    }

    private var recipients: [MailAddress] { order.recipients }
    private var isInternational: Bool { ([order.message.sender] + recipients).contains(where: \.isInternational) }

    /// Takes an answer of the server.
    package mutating func receive(_ reply: SMTPReply) -> [Action] {
        switch stage {
        case .greeting:
            guard reply.isPositive else { return fail(.rejected(step: "the connection", reply)) }
            return sayHello(isEncrypted: order.security == .tls)
        case .hello(let isEncrypted):
            if reply.isPositive { return noteAbilities(reply, isEncrypted: isEncrypted) }
            guard reply.code >= 500, order.security == .none, order.credentials == nil, !isInternational else {
                return fail(.rejected(step: "the greeting", reply))
            }
            stage = .shortHello
            return [.send("HELO \(clientName)\r\n")]
        case .shortHello:
            return reply.isPositive ? beginMessage() : fail(.rejected(step: "the greeting", reply))
        case .startTLS:
            guard reply.isPositive else { return fail(.rejected(step: "the encryption", reply)) }
            stage = .waitingForTLS
            return [.beginTLS]
        case .waitingForTLS:
            // Whatever comes before the encryption may come from somebody else.
            return fail(.protocolViolation("it sent data before the connection was encrypted"))
        case .authentication(let steps):
            return goOnAuthenticating(steps, after: reply)
        case .sender:
            return reply.isPositive ? address(0) : fail(.rejected(step: "the sender", reply))
        case .recipient(let number):
            if !reply.isPositive { refused.append(Refusal(recipient: recipients[number].text, reply: reply)) }
            return address(number + 1)
        case .data:
            guard reply.code == 354 else { return fail(.rejected(step: "the message", reply)) }
            stage = .content
            return [.send(Self.stuffed(order.message.encoded()) + ".\r\n")]
        case .content:
            guard reply.isPositive else { return fail(.rejected(step: "the message", reply)) }
            stage = .done
            return [.send("QUIT\r\n"), .succeed(refused: refused)]
        case .done:
            return []
        }
    }

    /// The connection is encrypted from now on.
    package mutating func tlsBegan() -> [Action] {
        guard case .waitingForTLS = stage else { return [] }
        return sayHello(isEncrypted: true)
    }

    // MARK: Introduction

    /// The name of this machine as a command can have it.
    private var clientName: String {
        let name = order.clientName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-.[]:".contains($0)) }
        return name.isEmpty ? "localhost" : name
    }

    private mutating func sayHello(isEncrypted: Bool) -> [Action] {
        stage = .hello(isEncrypted: isEncrypted)
        return [.send("EHLO \(clientName)\r\n")]
    }

    private mutating func noteAbilities(_ reply: SMTPReply, isEncrypted: Bool) -> [Action] {
        // What was said before the connection was encrypted counts for nothing.
        abilities = []
        mechanisms = []
        for line in reply.lines.dropFirst() {
            let words = line.uppercased().split { $0 == " " || $0 == "=" }.map(String.init)
            guard let ability = words.first else { continue }
            abilities.insert(ability)
            if ability == "AUTH" { mechanisms.formUnion(words.dropFirst()) }
        }
        if order.security == .starttls, !isEncrypted {
            guard abilities.contains("STARTTLS") else { return fail(.cannot("encrypt the connection (STARTTLS)")) }
            stage = .startTLS
            return [.send("STARTTLS\r\n")]
        }
        if isInternational, !abilities.contains("SMTPUTF8") {
            return fail(.cannot("accept addresses with non-ASCII letters (SMTPUTF8)"))
        }
        guard let credentials = order.credentials else { return beginMessage() }
        return authenticate(credentials)
    }

    // MARK: Authentication

    private mutating func authenticate(_ credentials: Credentials) -> [Action] {
        func encoded(_ text: String) -> String { Data(text.utf8).base64EncodedString() + "\r\n" }
        if mechanisms.contains("PLAIN") {
            stage = .authentication([])
            return [.send("AUTH PLAIN " + encoded("\0\(credentials.user)\0\(credentials.password)"))]
        }
        if mechanisms.contains("LOGIN") {
            stage = .authentication([encoded(credentials.user), encoded(credentials.password)])
            return [.send("AUTH LOGIN\r\n")]
        }
        let known = mechanisms.sorted().joined(separator: ", ")
        return fail(.cannot("log in with PLAIN or LOGIN" + (known.isEmpty ? "" : ", only with \(known)")))
    }

    private mutating func goOnAuthenticating(_ steps: [String], after reply: SMTPReply) -> [Action] {
        if reply.code == 235 { return beginMessage() }
        guard reply.code == 334, let text = steps.first else {
            return fail(.rejected(step: "the user name or the password", reply))
        }
        stage = .authentication(Array(steps.dropFirst()))
        return [.send(text)]
    }

    // MARK: The message

    private mutating func beginMessage() -> [Action] {
        stage = .sender
        return [.send("MAIL FROM:<\(order.message.sender.text)>\(isInternational ? " SMTPUTF8" : "")\r\n")]
    }

    private mutating func address(_ number: Int) -> [Action] {
        if number < recipients.count {
            stage = .recipient(number)
            return [.send("RCPT TO:<\(recipients[number].text)>\r\n")]
        }
        guard refused.count < recipients.count else {
            guard !refused.isEmpty else { return fail(.noRecipient) }
            stage = .done
            return [.send("QUIT\r\n"), .succeed(refused: refused)]
        }
        stage = .data
        return [.send("DATA\r\n")]
    }

    private mutating func fail(_ failure: SMTPFailure) -> [Action] {
        stage = .done
        return [.fail(failure)]
    }

    /// Doubles the dots that begin a line: a single one would end the message.
    static func stuffed(_ text: String) -> String {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        return lines.map { $0.hasPrefix(".") ? ".\($0)" : String($0) }.joined(separator: "\r\n")
    }
}
