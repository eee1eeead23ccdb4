import HTTPTypes
import Testing

@testable import FlowmancerDashboard

@Suite struct RequestGuardTests {
    private let tokens = AccessTokens(full: AccessToken(), readOnly: AccessToken())
    private var guarding: RequestGuard {
        RequestGuard(hosts: ["localhost", "127.0.0.1"], tokens: tokens, cookie: "c", isSecure: false)
    }

    private func request(
        host: String? = "127.0.0.1:7878",
        origin: String? = nil,
        type: String? = "application/json",
        bearer: AccessToken? = nil,
        cookie: AccessToken? = nil
    ) -> RequestGuard.Request {
        RequestGuard.Request(
            host: host,
            origin: origin,
            contentType: type,
            authorization: bearer.map { "Bearer \($0.text)" },
            cookies: cookie.map { ["a=b; c=\($0.text)"] } ?? []
        )
    }

    private func status(_ request: RequestGuard.Request, _ endpoint: Endpoint = .session) -> Int? {
        guard case .refuse(let problem) = guarding.decide(request, for: endpoint) else { return nil }
        return problem.status.code
    }

    @Test func ownersOfATokenMayLook() {
        #expect(guarding.decide(request(bearer: tokens.full), for: .session) == .answer(.full))
        #expect(guarding.decide(request(cookie: tokens.readOnly), for: .session) == .answer(.readOnly))
        #expect(guarding.decide(request(host: "LOCALHOST:9", cookie: tokens.full), for: .session) == .answer(.full))
    }

    @Test func nobodyElseMay() {
        #expect(status(request()) == 401)
        #expect(status(request(bearer: AccessToken())) == 401)
        #expect(status(request(cookie: AccessToken())) == 401)
        var basic = request()
        basic.authorization = "Basic \(tokens.full.text)"
        #expect(status(basic) == 401)
        // A token in the address of anything but a page would be in logs of proxies.
        var inAddress = request()
        inAddress.token = tokens.full.text
        #expect(status(inAddress) == 401)
    }

    @Test(arguments: ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:7878", "", "[::1]"])
    func otherNamesAreRefused(host: String) {
        #expect(status(request(host: host, bearer: tokens.full)) == 421)
        #expect(status(request(host: nil, bearer: tokens.full)) == 421)
    }

    @Test(arguments: [
        "http://evil.example", "null", "http://127.0.0.1:9999", "https://localhost:7878",
        "http://127.0.0.1:7878.evil.example",
    ])
    func otherPagesAreRefused(origin: String) {
        #expect(status(request(origin: origin, cookie: tokens.full)) == 403)
        #expect(status(request(origin: origin, cookie: tokens.full), .start(job: "a")) == 403)
    }

    @Test func actingNeedsMore() {
        let own = "http://127.0.0.1:7878"
        let start = Endpoint.start(job: "a")
        #expect(guarding.decide(request(origin: own, cookie: tokens.full), for: start) == .answer(.full))
        #expect(guarding.decide(request(bearer: tokens.full), for: start) == .answer(.full))
        #expect(status(request(origin: own, cookie: tokens.readOnly), start) == 403)
        #expect(status(request(cookie: tokens.full), start) == 403)
        // What a form of another page can send.
        #expect(status(request(origin: own, type: "text/plain", cookie: tokens.full), start) == 415)
        #expect(status(request(origin: own, type: nil, cookie: tokens.full), start) == 415)
    }

    @Test func theLinkBecomesACookie() throws {
        var request = request()
        request.token = tokens.full.text
        guard case .setCookie(let cookie) = guarding.decide(request, for: .page) else {
            Issue.record("no cookie")
            return
        }
        #expect(cookie == "c=\(tokens.full.text); Path=/; HttpOnly; SameSite=Strict")
        request.token = "x"
        #expect(status(request, .page) == 401)
        request.host = "evil.example"
        #expect(status(request, .page) == 421)
    }

    @Test func tokensAreLongAndDifferent() {
        let tokens = (0..<100).map { _ in AccessToken().text }
        #expect(Set(tokens).count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 43 && AccessToken($0) != nil })
        #expect(AccessToken("short") == nil)
        #expect(AccessToken(String(repeating: "a", count: 42) + " ") == nil)
    }
}
