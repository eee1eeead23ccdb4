import Foundation
import HTTPTestSupport
import Testing

@Suite(.ownThread, .enabled(if: MailServer.isInstalled, "Debian's package python3-aiosmtpd is not installed"))
struct MailEndToEndTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox(program: "plugin-app")
    }

    private func job(_ parameters: [String]) -> String {
        """
        config: {name: nächtlich, plugin_grace_seconds: 600}
        tasks:
          good: {task: Shell, parameters: {command: [echo, fine]}}
          bad: {task: Shell, max_attempts: 2, parameters: {command: 'echo "größer als 0"; echo .; exit 3'}}
        extensions:
          mail:
            extension: EmailNotification
            parameters:
              sender_user: flow
              sender_host: example.org
        \(parameters.map { "      \($0)" }.joined(separator: "\n"))
        """
    }

    @Test func aRunIsToldInPlainText() throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let result = try sandbox.run(
            job(["recipient: [a@example.org, b@example.org]", "smtp_host: 127.0.0.1", "smtp_port: \(server.port)"])
        )
        #expect(result.exitCode == 1)
        #expect(!result.errors.contains("extensions.mail"), "\(result.errors)")
        let messages = try server.messages()
        try #require(messages.count == 2)
        #expect(messages[0].text.hasPrefix("The job 'nächtlich' started on "))
        #expect(messages[1].from == "flow@example.org")
        #expect(messages[1].to == ["a@example.org", "b@example.org"])
        let text = messages[1].text.replacing("\r\n", with: "\n")
        #expect(text.contains("2 tasks: 1 completed, 1 failed"))
        #expect(text.contains("Failed: bad (attempt 2). Its log:\n    größer als 0\n    .\n"), "\(text)")
        #expect(text.contains("To continue from here:\ncd \(sandbox.directory.path) && "), "\(text)")
        #expect(text.hasSuffix("-j job.yaml -r"))
        #expect(messages[1].data.contains("Subject: =?utf-8?B?"))
    }

    @Test func anEncryptedConnectionWithAPassword() throws {
        defer { sandbox.remove() }
        let (certificate, key) = try sandbox.makeCertificate()
        let server = try MailServer(sandbox, "starttls", certificate, key, "me", "pä ss")
        let untrusting = [
            "recipient: a@example.org", "smtp_host: localhost", "smtp_port: \(server.port)", "security: starttls",
            "user: me", "password: $ENV{MAIL_PASSWORD}",
        ]
        let trusting = untrusting + ["ca_file: certificate.pem"]
        let environment = ["MAIL_PASSWORD": "pä ss"]
        let trusted = try sandbox.run(job(trusting), environment: environment)
        #expect(!trusted.errors.contains("extensions.mail"), "\(trusted.errors)")
        let messages = try server.messages()
        #expect(messages.count == 2)
        #expect(messages.allSatisfy { $0.encrypted && $0.authenticated })

        let untrusted = try sandbox.run(job(untrusting), environment: environment)
        #expect(untrusted.exitCode == 1)
        #expect(
            untrusted.errors.contains("could not be encrypted: its certificate is not trusted"),
            "\(untrusted.errors)"
        )
        #expect(untrusted.errors.contains("set 'ca_file' to the certificate of the authority"))
        #expect(!untrusted.errors.contains("SSL"))

        let missing = try sandbox.run(job(untrusting + ["ca_file: missing.pem"]), environment: environment)
        #expect(
            missing.errors.contains("the file 'missing.pem' cannot be read: no such file or directory"),
            "\(missing.errors)"
        )
        let useless = try sandbox.run(job(untrusting + ["ca_file: job.yaml"]), environment: environment)
        #expect(useless.errors.contains("the file 'job.yaml' contains no certificates"), "\(useless.errors)")

        let wrong = try sandbox.run(
            job(trusting),
            environment: ["MAIL_PASSWORD": "wrong-password"]
        )
        #expect(wrong.errors.contains("refused the user name or the password: 535"), "\(wrong.errors)")
        #expect(!wrong.errors.contains("wrong-password"))
        #expect(try server.messages().count == 2)
    }

    @Test func aConnectionThatIsEncryptedFromItsBeginning() throws {
        defer { sandbox.remove() }
        let (certificate, key) = try sandbox.makeCertificate()
        let server = try MailServer(sandbox, "tls", certificate, key, "me", "password")
        let parameters = [
            "recipient: a@example.org", "smtp_port: \(server.port)", "security: tls", "user: me", "password: password",
            "ca_file: certificate.pem",
        ]
        // The certificate holds the name and the address.
        for host in ["localhost", "127.0.0.1"] {
            let result = try sandbox.run(job(parameters + ["smtp_host: \(host)"]))
            #expect(!result.errors.contains("extensions.mail"), "\(result.errors)")
        }
        let messages = try server.messages()
        #expect(messages.count == 4)
        #expect(messages.allSatisfy { $0.authenticated })
    }

    @Test func aServerThatCannotEncryptGetsNoPassword() throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let login = [
            "recipient: a@example.org", "smtp_host: 127.0.0.1", "smtp_port: \(server.port)", "user: me",
            "password: secret",
        ]
        let result = try sandbox.run(job(login + ["security: starttls"]))
        #expect(result.errors.contains("cannot encrypt the connection (STARTTLS)"), "\(result.errors)")
        let plain = try sandbox.run(job(login))
        #expect(!plain.errors.contains("extensions.mail failed"), "\(plain.errors)")
        #expect(plain.errors.contains("the password would be sent in plain text"), "\(plain.errors)")
        #expect(try server.messages().isEmpty)
    }

    @Test func aRecipientThatIsRefusedIsNamed() throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let result = try sandbox.run(
            job([
                "recipient: [unknown@example.org, b@example.org]", "smtp_host: 127.0.0.1", "smtp_port: \(server.port)",
            ])
        )
        let text = """
            accepted the message for b@example.org only: it refused unknown@example.org (550 no such user here), \
            check 'recipient'
            """
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(try server.messages().map(\.to) == [["b@example.org"], ["b@example.org"]])
    }

    @Test func whatBecameOfEveryRecipientIsTold() throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let result = try sandbox.run(
            job([
                "recipient: [unknown@example.org, gone@example.org, b@example.org]", "smtp_host: 127.0.0.1",
                "smtp_port: \(server.port)", "notify_on_create: false",
            ]).replacing("grace_seconds: 600", with: "grace_seconds: 3")
        )
        let text = """
            accepted the message for b@example.org only: it refused unknown@example.org (550 no such user here), check \
            'recipient'; gone@example.org did not get it: the connection to the mail server \
            127.0.0.1:\(server.port) was lost: the server closed it
            """
        #expect(result.errors.contains(text), "\(result.errors)")
        #expect(try server.messages().map(\.to) == [["b@example.org"]])
    }

    @Test(arguments: [["busy@example.org"], ["b@example.org", "busy@example.org"]])
    func whoIsRefusedForNowGetsTheMessageLater(recipients: [String]) throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let names = recipients.joined(separator: ", ")
        let result = try sandbox.run(
            job(["recipient: [\(names)]", "smtp_host: 127.0.0.1", "smtp_port: \(server.port)"])
        )
        #expect(!result.errors.contains("extensions.mail"), "\(result.errors)")
        let once = recipients.map { [$0] }
        #expect(try server.messages().map(\.to) == once + once)
    }

    @Test func aServerWithoutEncryptionIsSaidToBeSo() throws {
        defer { sandbox.remove() }
        let server = try MailServer(sandbox, "plain")
        let result = try sandbox.run(
            job([
                "recipient: a@example.org", "smtp_host: 127.0.0.1", "smtp_port: \(server.port)", "security: tls",
            ])
        )
        #expect(
            result.errors.contains("could not be encrypted: the server does not speak TLS on this port"),
            "\(result.errors)"
        )
        #expect(try server.messages().isEmpty)
    }

    @Test func aPortThatNobodyListensOnIsSaidToBeSo() throws {
        defer { sandbox.remove() }
        let closed = try ClosedPort()
        defer { withExtendedLifetime(closed) {} }
        let port = closed.number
        let result = try sandbox.run(
            job(["recipient: a@example.org", "smtp_host: 127.0.0.1", "smtp_port: \(port)"])
        )
        #expect(result.exitCode == 1)
        #expect(
            result.errors.contains("the mail server 127.0.0.1:\(port) cannot be reached: connection refused"),
            "\(result.errors)"
        )
    }
}
