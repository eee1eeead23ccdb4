import HTTPTestSupport
import Synchronization
import Testing

@testable import FlowmancerHTTP

@Suite struct HTTPSenderTests {
    /// Waits for nothing, and notes how long it should have waited.
    private final class Pauses: Sendable {
        let taken = Mutex<[Duration]>([])

        var sender: HTTPSender {
            HTTPSender(
                masking: { $0.replacing("hunter2-\tand-more", with: "***") },
                policy: DeliveryPolicy(),
                jitter: { 1 },
                pause: { pause in self.taken.withLock { $0.append(pause) } }
            )
        }
    }

    private func message(_ url: String, body: String = "{}") throws -> HTTPMessage {
        HTTPMessage(
            url: try #require(HTTPAddress(url)),
            contentType: "application/json",
            headers: [(name: "X-Test", value: "yes")],
            body: body
        )
    }

    private func failure(
        _ message: HTTPMessage,
        within limit: Duration = .seconds(3_600),
        pausing pauses: Pauses = Pauses()
    ) async throws -> String {
        do {
            try await pauses.sender.send(message, within: limit, advice: "check 'webhook'")
            Issue.record("no error")
            return ""
        } catch let error as HTTPDeliveryError {
            return error.description
        }
    }

    @Test func aRequestArrivesAsItIs() async throws {
        let sink = try await HTTPSink()
        let message = try message(sink.url("/hook?x=1"), body: "{\"a\":\"é\"}")
        try await Pauses().sender.send(message, within: .seconds(3_600), advice: "")
        let request = try #require(sink.requests.first)
        #expect(sink.requests.count == 1)
        #expect(request.method == "POST")
        #expect(request.path == "/hook?x=1")
        #expect(request.body == "{\"a\":\"é\"}")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["x-test"] == "yes")
        #expect(request.headers["user-agent"] == "flowmancer")
    }

    @Test func aServerThatRecoversGetsTheRequestAgain() async throws {
        let sink = try await HTTPSink { $0 < 3 ? .status(503) : .status(200) }
        let pauses = Pauses()
        try await pauses.sender.send(message(sink.url()), within: .seconds(3_600), advice: "")
        #expect(sink.requests.count == 3)
        #expect(pauses.taken.withLock { $0 } == [.milliseconds(300), .milliseconds(600)])
    }

    @Test func theServerSaysWhenToComeBack() async throws {
        let sink = try await HTTPSink { $0 == 1 ? .status(429, headers: ["Retry-After": "7"]) : .status(204) }
        let pauses = Pauses()
        try await pauses.sender.send(message(sink.url()), within: .seconds(3_600), advice: "")
        #expect(pauses.taken.withLock { $0 } == [.seconds(7)])
    }

    @Test(arguments: [400, 404, 410])
    func aWrongRequestIsSentOnce(status: Int) async throws {
        let sink = try await HTTPSink { _ in .status(status, body: "no_such_hook\nmore") }
        let text = try await failure(message(sink.url("/secret-path")))
        #expect(sink.requests.count == 1)
        #expect(text == "127.0.0.1:\(sink.port) answered with status \(status): no_such_hook; check 'webhook'")
    }

    @Test func anAnswerThatRepeatsTheSecretIsNotShown() async throws {
        let sink = try await HTTPSink { _ in .status(404, body: "no page /secret-path here") }
        let text = try await failure(message(sink.url("/secret-path")))
        #expect(text == "127.0.0.1:\(sink.port) answered with status 404; check 'webhook'")
    }

    /// Neither a part of a secret nor one with escaped characters would be recognised.
    @Test func secretsAreMaskedBeforeAnAnswerIsCut() async throws {
        let beginning = String(repeating: "x", count: 190)
        let sink = try await HTTPSink { _ in .status(400, body: "\(beginning) hunter2-\tand-more and the rest") }
        let text = try await failure(message(sink.url()))
        #expect(text == "127.0.0.1:\(sink.port) answered with status 400: \(beginning) *** and t; check 'webhook'")
    }

    @Test func aPartOfTheURLIsRecognisedBeforeAnAnswerIsCut() async throws {
        let sink = try await HTTPSink { _ in .status(404, body: String(repeating: "x", count: 194) + "secret-path") }
        let text = try await failure(message(sink.url("/secret-path")))
        #expect(text == "127.0.0.1:\(sink.port) answered with status 404; check 'webhook'")
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.6\r\n", "\u{0}\u{1}\u{2}", "220 mail.example.org ESMTP\r\n"])
    func anAnswerThatIsNoHTTPIsSaidToBeSoAtOnce(answer: String) async throws {
        let sink = try await HTTPSink(saying: answer)
        let pauses = Pauses()
        let text = try await failure(message(sink.url()), pausing: pauses)
        #expect(pauses.taken.withLock { $0.isEmpty })
        #expect(
            text == "127.0.0.1:\(sink.port) did not answer with HTTP; check the port, and check 'webhook'"
        )
    }

    @Test func theContentTypeOfTheHeadersIsTheOnlyOne() throws {
        let url = try #require(HTTPAddress("http://h"))
        let headers = [(name: "content-type", value: "text/plain")]
        let own = HTTPMessage(url: url, contentType: "application/json", headers: headers, body: "")
        #expect(own.headers.map(\.value) == ["text/plain"])
        let usual = HTTPMessage(url: url, contentType: "application/json", body: "")
        #expect(usual.headers.map(\.value) == ["application/json"])
    }

    @Test func aRedirectIsNotFollowed() async throws {
        let other = try await HTTPSink()
        let target = other.url()
        let sink = try await HTTPSink { _ in .status(302, headers: ["Location": target]) }
        let text = try await failure(message(sink.url()))
        #expect(other.requests.isEmpty)
        #expect(text.contains("answered with status 302; the service has moved: check 'webhook'"))
    }

    @Test func aServerThatNeverRecoversIsGivenUp() async throws {
        let sink = try await HTTPSink { _ in .status(500) }
        let text = try await failure(message(sink.url()))
        #expect(sink.requests.count == 6)
        #expect(text.contains("answered with status 500 (6 attempts); the error is on the server's side"))
    }

    @Test func aServerThatIsSilentIsWaitedForWithinTheLimit() async throws {
        let sink = try await HTTPSink { _ in .silence }
        let text = try await failure(message(sink.url()), within: .milliseconds(200))
        #expect(
            text
                == "127.0.0.1:\(sink.port) did not answer within 0.2 s; check that the service is running, and check 'webhook'"
        )
    }

    @Test func aBodyThatDoesNotComeHidesNoStatus() async throws {
        let sink = try await HTTPSink { _ in .statusWithoutEnd(404) }
        let text = try await failure(message(sink.url()), within: .milliseconds(500))
        #expect(text == "127.0.0.1:\(sink.port) answered with status 404; check 'webhook'")
    }

    @Test func aTemporaryStatusIsTriedAgainWhateverItsBodyDoes() async throws {
        let sink = try await HTTPSink { $0 == 1 ? .statusWithoutEnd(503) : .status(200) }
        try await Pauses().sender.send(message(sink.url()), within: .seconds(3_600), advice: "")
        #expect(sink.requests.count == 2)
    }

    @Test func aServerWithoutEncryptionIsSaidToBeSoAtOnce() async throws {
        let sink = try await HTTPSink()
        let pauses = Pauses()
        let text = try await failure(message("https://127.0.0.1:\(sink.port)/x"), pausing: pauses)
        #expect(pauses.taken.withLock { $0.isEmpty })
        #expect(
            text
                == "the connection to 127.0.0.1:\(sink.port) could not be encrypted: the server does not speak TLS on this port; "
                + "check 'webhook'"
        )
    }

    @Test func aRefusedConnectionIsTriedAgain() async throws {
        let closed = try ClosedPort()
        defer { withExtendedLifetime(closed) {} }
        let port = closed.number
        let pauses = Pauses()
        let text = try await failure(message("http://127.0.0.1:\(port)/x"), pausing: pauses)
        #expect(pauses.taken.withLock { $0.count } == 5)
        #expect(text.hasPrefix("127.0.0.1:\(port) cannot be reached (6 attempts): connection refused; check"))
    }

    @Test func aConnectionThatBreaksIsTriedAgain() async throws {
        let sink = try await HTTPSink { $0 == 1 ? .hangUp : .status(200) }
        try await Pauses().sender.send(message(sink.url()), within: .seconds(3_600), advice: "")
        #expect(sink.requests.count == 2)
    }

    @Test func aHeaderThatWouldBreakTheRequestApartIsRefused() async throws {
        let sink = try await HTTPSink()
        var message = try message(sink.url())
        message.headers.append((name: "X", value: "a\r\nInjected: yes"))
        let text = try await failure(message)
        #expect(sink.requests.isEmpty)
        #expect(text.contains("cannot be sent: invalid header field values"))
    }

    @Test func cancellingEndsTheWait() async throws {
        let sink = try await HTTPSink { _ in .silence }
        let message = try message(sink.url())
        let task = Task { try await HTTPSender(masking: { $0 }).send(message, within: .seconds(600), advice: "") }
        while sink.requests.isEmpty { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
