import FlowmancerHTTP
import Testing

@Suite struct DeliveryPolicyTests {
    private let policy = DeliveryPolicy()

    private func pause(
        _ outcome: HTTPOutcome,
        attempt: Int = 1,
        remaining: Duration = .seconds(10),
        jitter: Double = 1
    ) -> Duration? {
        policy.pause(after: outcome, attempt: attempt, remaining: remaining, jitter: jitter)
    }

    @Test(arguments: [429, 500, 502, 503, 504, 599])
    func whatMayWorkLaterIsSentAgain(status: Int) {
        #expect(pause(.answer(status: status)) == .milliseconds(300))
    }

    @Test(arguments: [200, 204, 301, 400, 401, 403, 404, 408, 410, 418, 422])
    func anyOtherAnswerIsNot(status: Int) {
        #expect(pause(.answer(status: status)) == nil)
    }

    @Test func aBrokenConnectionIsTriedAgainButNotWhatTookAllTheTime() {
        #expect(pause(.noConnection(reason: "refused")) == .milliseconds(300))
        #expect(pause(.timeout(.seconds(10))) == nil)
        #expect(pause(.invalidRequest(reason: "header")) == nil)
    }

    @Test func onlyAnEncryptionThatWasInterruptedIsTriedAgain() {
        #expect(pause(.noEncryption(.interrupted)) == .milliseconds(300))
        for failure: EncryptionFailure in [.untrusted, .wrongName, .noTLS, .other(reason: "x")] {
            #expect(pause(.noEncryption(failure)) == nil)
        }
    }

    @Test(arguments: zip(1...5, [300, 600, 1_200, 2_400, 4_800]))
    func pausesDouble(attempt: Int, milliseconds: Int) {
        #expect(pause(.answer(status: 500), attempt: attempt) == .milliseconds(milliseconds))
        #expect(pause(.answer(status: 500), attempt: attempt, jitter: 0) == .milliseconds(milliseconds / 2))
    }

    @Test func thereIsAnEnd() {
        #expect(pause(.answer(status: 500), attempt: 6) == nil)
        #expect(pause(.answer(status: 500), remaining: .milliseconds(299)) == nil)
        var patient = policy
        patient.maxAttempts = .max
        let pause = patient.pause(after: .answer(status: 500), attempt: 1_000, remaining: .seconds(60), jitter: 1)
        #expect(pause == .seconds(5))
    }

    @Test func theServerMaySayWhen() {
        #expect(pause(.answer(status: 429, retryAfter: .seconds(3))) == .seconds(3))
        #expect(pause(.answer(status: 503, retryAfter: .zero)) == .milliseconds(300))
        #expect(pause(.answer(status: 429, retryAfter: .seconds(11))) == nil)
        #expect(pause(.answer(status: 400, retryAfter: .seconds(1))) == nil)
    }
}
