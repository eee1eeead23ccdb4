import FoundationEssentials
import Testing

@testable import FlowmancerNotifications

@Suite struct SMTPConversationTests {
    private typealias Action = SMTPConversation.Action

    private func order(
        _ security: SMTPConversation.Security = .none,
        user: String? = nil,
        to recipients: [String] = ["a@example.org"],
        clientName: String = "web1"
    ) throws -> SMTPConversation.Order {
        SMTPConversation.Order(
            clientName: clientName,
            security: security,
            credentials: user.map { SMTPConversation.Credentials(user: $0, password: "pässword") },
            message: MailMessage(
                sender: try #require(MailAddress("flow@example.org")),
                recipients: try recipients.map { try #require(MailAddress($0)) },
                subject: "s",
                text: "t",
                date: Date(timeIntervalSince1970: 0),
                id: "id"
            )
        )
    }

    /// What is said after each of the server's replies.
    private func dialogue(_ order: SMTPConversation.Order, _ replies: [SMTPReply?]) -> [Action] {
        var conversation = SMTPConversation(order)
        // `nil` stands for the moment when the encryption began.
        return replies.flatMap { reply in reply.map { conversation.receive($0) } ?? conversation.tlsBegan() }
    }

    private let ready = SMTPReply(220)
    private let fine = SMTPReply(250)
    private let go = SMTPReply(354)

    @Test func aMessageIsHandedOver() throws {
        let order = try order()
        let actions = dialogue(order, [ready, fine, fine, fine, go, fine])
        #expect(
            actions == [
                .send("EHLO web1\r\n"), .send("MAIL FROM:<flow@example.org>\r\n"), .send("RCPT TO:<a@example.org>\r\n"),
                .send("DATA\r\n"), .send(order.message.encoded() + ".\r\n"), .send("QUIT\r\n"), .succeed(refused: []),
            ]
        )
    }

    @Test func anOldServerIsGreetedShorter() throws {
        let actions = dialogue(try order(), [ready, SMTPReply(502), fine])
        #expect(actions[1] == .send("HELO web1\r\n"))
        #expect(actions[2] == .send("MAIL FROM:<flow@example.org>\r\n"))
    }

    @Test func someRecipientsMayBeRefused() throws {
        let no = SMTPReply(550, ["unknown"])
        let order = try order(to: ["a@example.org", "b@example.org"])
        let actions = dialogue(order, [ready, fine, fine, no, fine, go, fine])
        #expect(actions.contains(.send("RCPT TO:<b@example.org>\r\n")))
        #expect(actions.last == .succeed(refused: [.init(recipient: "a@example.org", reply: no)]))
        let none = dialogue(order, [ready, fine, fine, no, no])
        let both = ["a@example.org", "b@example.org"].map { SMTPConversation.Refusal(recipient: $0, reply: no) }
        #expect(none.suffix(2) == [.send("QUIT\r\n"), .succeed(refused: both)])
    }

    // MARK: Encryption

    @Test func nothingThatMattersIsSaidBeforeTheEncryption() throws {
        let hello = SMTPReply(250, ["mail", "STARTTLS", "AUTH PLAIN"])
        let actions = dialogue(try order(.starttls, user: "me"), [ready, hello, ready, nil, hello, SMTPReply(235)])
        #expect(
            actions == [
                .send("EHLO web1\r\n"), .send("STARTTLS\r\n"), .beginTLS, .send("EHLO web1\r\n"),
                .send("AUTH PLAIN AG1lAHDDpHNzd29yZA==\r\n"), .send("MAIL FROM:<flow@example.org>\r\n"),
            ]
        )
    }

    @Test func aServerThatCannotEncryptGetsNothing() throws {
        let actions = dialogue(try order(.starttls), [ready, SMTPReply(250, ["mail", "SIZE"])])
        #expect(actions.last == .fail(.cannot("encrypt the connection (STARTTLS)")))
        let refusing = dialogue(try order(.starttls), [ready, SMTPReply(250, ["mail", "STARTTLS"]), SMTPReply(454)])
        #expect(refusing.last == .fail(.rejected(step: "the encryption", SMTPReply(454))))
    }

    @Test func whatIsSaidBetweenPermissionAndEncryptionEndsTheConversation() throws {
        let hello = SMTPReply(250, ["mail", "STARTTLS"])
        let actions = dialogue(try order(.starttls), [ready, hello, ready, fine])
        guard case .fail(.protocolViolation)? = actions.last else {
            Issue.record("\(actions)")
            return
        }
    }

    /// What was promised in plain text may have been added by somebody else.
    @Test func abilitiesAreAskedForAgain() throws {
        let actions = dialogue(
            try order(.starttls, user: "me"),
            [ready, SMTPReply(250, ["m", "STARTTLS", "AUTH PLAIN"]), ready, nil, SMTPReply(250, ["m"])]
        )
        #expect(actions.last == .fail(.cannot("log in with PLAIN or LOGIN")))
    }

    // MARK: Authentication

    @Test func loginIsTheSecondChoice() throws {
        let hello = SMTPReply(250, ["mail", "AUTH=LOGIN CRAM-MD5"])
        let more = SMTPReply(334)
        let actions = dialogue(try order(.tls, user: "me"), [ready, hello, more, more, SMTPReply(235)])
        #expect(
            actions == [
                .send("EHLO web1\r\n"), .send("AUTH LOGIN\r\n"), .send("bWU=\r\n"), .send("cMOkc3N3b3Jk\r\n"),
                .send("MAIL FROM:<flow@example.org>\r\n"),
            ]
        )
        let tooMany = dialogue(try order(.tls, user: "me"), [ready, hello, more, more, more])
        #expect(tooMany.last == .fail(.rejected(step: "the user name or the password", more)))
    }

    @Test func aWrongPasswordIsTheEnd() throws {
        let hello = SMTPReply(250, ["mail", "AUTH PLAIN LOGIN"])
        let no = SMTPReply(535, ["bad credentials"])
        #expect(
            dialogue(try order(.tls, user: "me"), [ready, hello, no]).last
                == .fail(.rejected(step: "the user name or the password", no))
        )
        let other = dialogue(try order(.tls, user: "me"), [ready, SMTPReply(250, ["mail", "AUTH XOAUTH2"])])
        #expect(other.last == .fail(.cannot("log in with PLAIN or LOGIN, only with XOAUTH2")))
    }

    // MARK: What servers refuse

    @Test(arguments: [
        (0, "the connection"), (1, "the greeting"), (2, "the sender"), (4, "the message"), (5, "the message"),
    ])
    func everyRefusalIsNamed(step: Int, name: String) throws {
        var replies: [SMTPReply?] = [ready, fine, fine, fine, go, fine]
        let no = SMTPReply(451, ["later"])
        replies[step] = no
        #expect(dialogue(try order(), Array(replies.prefix(step + 1))).last == .fail(.rejected(step: name, no)))
    }

    @Test func onlyWhatMayWorkSoonIsTemporary() {
        #expect(SMTPFailure.rejected(step: "", SMTPReply(451)).isTemporary)
        #expect(!SMTPFailure.rejected(step: "", SMTPReply(550)).isTemporary)
        #expect(SMTPFailure.noConnection("").isTemporary)
        #expect(!SMTPFailure.timeout(.seconds(1)).isTemporary)
        #expect(!SMTPFailure.noEncryption(.untrusted).isTemporary)
        #expect(SMTPFailure.noEncryption(.interrupted).isTemporary)
    }

    @Test func aRefusalForNowIsNobodysMistake() {
        let step = "the recipient a@example.org"
        let later = SMTPFailure.rejected(step: step, SMTPReply(451, ["busy"])).text(server: "mail:25")
        #expect(later == "the mail server mail:25 refused \(step): 451 busy; it may accept it later")
        let never = SMTPFailure.rejected(step: step, SMTPReply(550, ["unknown"])).text(server: "mail:25")
        #expect(never.hasSuffix("550 unknown; check 'recipient'"))
    }

    /// Neither a part of a secret nor one with escaped characters would be recognised.
    @Test func secretsAreMaskedBeforeAnAnswerIsCut() throws {
        func mask(_ text: String) -> String { text.replacing("hunter2-\tand-more", with: "***") }
        let beginning = String(repeating: "x", count: 190)
        let answer = "\(beginning) hunter2-\tand-more and the rest"
        let refusal = SMTPFailure.rejected(step: "the sender", SMTPReply(550, [answer]))
        let text = refusal.text(server: "mail:25", masking: mask)
        let expected = "the mail server mail:25 refused the sender: 550 \(beginning) *** a…; check"
        #expect(text.hasPrefix(expected), "\(text)")
        var reader = SMTPReplyReader()
        reader.append("\(answer)\r\n".utf8)
        let malformed = #expect(throws: SMTPReplyReader.Malformed.self) { try reader.next() }
        let violation = SMTPFailure.protocolViolation(try #require(malformed).text)
        #expect(violation.text(server: "mail:25", masking: mask).contains("\(beginning) *** and t…"))
    }

    @Test func onlyThoseWhoHaveNoMessageAreNamed() throws {
        var order = try order(to: ["a@example.org", "b@example.org"])
        order.recipients.removeFirst()
        let actions = dialogue(order, [ready, fine, fine, fine, go, fine])
        #expect(actions[2] == .send("RCPT TO:<b@example.org>\r\n"))
        #expect(actions[3] == .send("DATA\r\n"))
    }

    @Test func afterTheEndNothingIsSaid() throws {
        let actions = dialogue(try order(), [SMTPReply(554), fine, fine])
        #expect(actions == [.fail(.rejected(step: "the connection", SMTPReply(554)))])
    }

    @Test func lettersBeyondASCIINeedAServerThatTakesThem() throws {
        let order = try order(to: ["größe@example.org"])
        let actions = dialogue(order, [ready, SMTPReply(250, ["mail", "SMTPUTF8"]), fine])
        #expect(
            actions.suffix(2) == [
                .send("MAIL FROM:<flow@example.org> SMTPUTF8\r\n"), .send("RCPT TO:<größe@example.org>\r\n"),
            ]
        )
        guard case .fail(.cannot)? = dialogue(order, [ready, fine]).last else {
            Issue.record("sent to a server that cannot take it")
            return
        }
    }

    @Test func theNameOfTheMachineCannotBreakTheGreetingApart() throws {
        #expect(dialogue(try order(clientName: "we b\r\nMAIL"), [ready]) == [.send("EHLO webMAIL\r\n")])
        #expect(dialogue(try order(clientName: "ü"), [ready]) == [.send("EHLO localhost\r\n")])
    }

    @Test(arguments: [(".", ".."), ("a\r\n.\r\nb", "a\r\n..\r\nb"), ("a.\r\n..b\r\n", "a.\r\n...b\r\n"), ("", "")])
    func dotsAtTheBeginningOfALineAreDoubled(text: String, expected: String) {
        #expect(SMTPConversation.stuffed(text) == expected)
    }
}
