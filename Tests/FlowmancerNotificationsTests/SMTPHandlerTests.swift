import FoundationEssentials
import Glibc
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import FlowmancerNotifications

/// What is told of a connection, however fast or slow each side is.
@Suite struct SMTPHandlerTests {
    /// A connection to a server that the test plays, and what was told of it.
    private final class Fixture {
        let channel = EmbeddedChannel()
        let outcome: EventLoopPromise<[SMTPConversation.Refusal]>
        private let failures = Told()

        private final class Told: Sendable {
            let failures = Mutex<[SMTPFailure?]>([])
        }

        init() throws {
            outcome = channel.embeddedEventLoop.makePromise()
            let order = SMTPConversation.Order(
                clientName: "web1",
                security: .none,
                credentials: nil,
                message: MailMessage(
                    sender: try #require(MailAddress("flow@example.org")),
                    recipients: [try #require(MailAddress("a@example.org"))],
                    subject: "s",
                    text: "t",
                    date: Date(timeIntervalSince1970: 0),
                    id: "id"
                )
            )
            let handler = SMTPHandler(SMTPConversation(order), host: "mail", tls: nil, outcome: outcome)
            try channel.pipeline.syncOperations.addHandler(handler)
            outcome.futureResult.whenFailure { [failures] error in
                failures.failures.withLock { $0.append(error as? SMTPFailure) }
            }
        }

        func connect() throws {
            try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 25)).wait()
        }

        func close() throws { _ = try channel.finish(acceptAlreadyClosed: true) }

        var told: [SMTPFailure?] { failures.failures.withLock { $0 } }
    }

    /// Of several addresses of a host, the first may refuse what the second takes.
    @Test func whatNeverWasConnectedSaysNothing() throws {
        let fixture = try Fixture()
        try fixture.close()
        #expect(fixture.told.isEmpty)
        fixture.outcome.fail(SMTPFailure.noConnection("connection refused"))
        #expect(fixture.told == [.noConnection("connection refused")])
    }

    @Test func aServerThatClosesBeforeItSpeaksIsSaidToHaveDoneSo() throws {
        let fixture = try Fixture()
        try fixture.connect()
        try fixture.close()
        #expect(fixture.told == [.lostConnection("the server closed it")])
    }

    @Test func aBrokenConnectionIsNotOneThatCannotBeMade() throws {
        let fixture = try Fixture()
        try fixture.connect()
        fixture.channel.pipeline.fireErrorCaught(IOError(errnoCode: ECONNRESET, reason: "read"))
        try fixture.close()
        #expect(fixture.told == [.lostConnection("connection reset by peer")])
    }

    @Test func aServerOfAnotherProtocolIsQuotedEvenIfItCloses() throws {
        let fixture = try Fixture()
        try fixture.connect()
        try fixture.channel.writeInbound(ByteBuffer(string: "SSH-2.0-OpenSSH_9.2\r\n"))
        try fixture.close()
        #expect(fixture.told == [.protocolViolation("SSH-2.0-OpenSSH_9.2")])
    }
}
