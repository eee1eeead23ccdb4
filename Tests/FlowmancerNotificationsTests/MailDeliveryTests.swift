import Testing

@testable import FlowmancerNotifications

@Suite struct MailDeliveryTests {
    private let no = SMTPReply(550, ["no such user"])
    private let later = SMTPReply(450, ["later"])

    private func delivery(to count: Int) throws -> MailDelivery {
        MailDelivery(to: try (0..<count).map { try #require(MailAddress("u\($0)@x")) })
    }

    private func refusal(_ number: Int, _ reply: SMTPReply) -> SMTPConversation.Refusal {
        SMTPConversation.Refusal(recipient: "u\(number)@x", reply: reply)
    }

    private func complaint(_ delivery: MailDelivery) -> String? { delivery.complaint(server: "mail:25") { $0 } }

    @Test func theAnswersOfAllAttemptsAreTold() throws {
        var delivery = try delivery(to: 6)
        delivery.take([refusal(1, no), refusal(2, later), refusal(4, no), refusal(5, later)])
        #expect(delivery.pending.map(\.text) == ["u2@x", "u5@x"])
        #expect(delivery.isWorthAnotherAttempt)
        delivery.take([refusal(2, no), refusal(5, later)])
        delivery.take([refusal(5, later)])
        #expect(
            complaint(delivery)
                == "the mail server mail:25 accepted the message for u0@x and u3@x only: it refused u1@x, u4@x and u2@x "
                + "(550 no such user), check 'recipient'; it deferred u5@x (450 later), it may accept it later"
        )
    }

    @Test func nobodyIsForgottenIfTheConnectionEnds() throws {
        var delivery = try delivery(to: 3)
        delivery.take([refusal(1, no), refusal(2, later)])
        delivery.take(.lostConnection("the server closed it"))
        #expect(delivery.isWorthAnotherAttempt)
        #expect(delivery.pending.map(\.text) == ["u2@x"])
        let text = try #require(complaint(delivery))
        #expect(
            text.hasPrefix(
                "the mail server mail:25 accepted the message for u0@x only: it refused u1@x (550 no such user), "
                    + "check 'recipient'; u2@x did not get it: the connection to the mail server mail:25 was lost: the server closed it; "
            ),
            "\(text)"
        )
    }

    @Test func onlyAHandfulIsNamed() throws {
        var delivery = try delivery(to: 9)
        delivery.take((1..<9).map { refusal($0, no) })
        let text = try #require(complaint(delivery))
        #expect(text.contains("it refused u1@x, u2@x, u3@x, u4@x, u5@x and 3 others (550"), "\(text)")
        #expect(!delivery.isWorthAnotherAttempt)
    }

    @Test func whoeverHasTheMessageIsNoReasonToComplain() throws {
        var delivery = try delivery(to: 2)
        delivery.take([refusal(0, later)])
        delivery.take([])
        #expect(complaint(delivery) == nil)
        #expect(!delivery.isWorthAnotherAttempt)
    }

    @Test func aServerThatNobodyGotAnythingFromIsComplainedOfAsSuch() throws {
        var delivery = try delivery(to: 2)
        delivery.take(.cannot("hear"))
        #expect(!delivery.isWorthAnotherAttempt)
        #expect(complaint(delivery) == SMTPFailure.cannot("hear").text(server: "mail:25"))
    }
}
