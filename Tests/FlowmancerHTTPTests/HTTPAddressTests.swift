import FlowmancerCore
import FoundationEssentials
import Testing

@testable import FlowmancerHTTP

@Suite struct HTTPAddressTests {
    @Test(arguments: [
        ("https://example.org/a/b?c=d", "example.org"), ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("HTTPS://example.org/", "example.org"), ("http://example.org:/x", "example.org"),
        ("http://[::1]:65535/a@b:99999", "[::1]:65535"), ("http://[::1]?a:0", "[::1]"),
    ])
    func onlyTheHostIsNamed(text: String, host: String) throws {
        #expect(try #require(HTTPAddress(text)).host == host)
    }

    @Test(arguments: ["", "example.org", "ftp://example.org", "https://", "file:///etc", "http:// x"])
    func otherTextsAreRefused(text: String) {
        #expect(HTTPAddress(text) == nil)
    }

    @Test(arguments: [
        "http://h:65536", "http://h:70000/x", "http://h:0", "http://[::1]:99999?a", "http://h:080080#f",
        "https://h:99999999999999999999999", "http://h:+80",
    ])
    func aPortThatIsNoneIsAnErrorOfTheJob(text: String) {
        #expect(HTTPAddress(text) == nil)
        #expect(messages(of: text).contains { $0.hasPrefix("expected a URL") })
    }

    @Test func thePortsOfAURLAreNamed() {
        #expect(
            messages(of: "http://h:70000/x") == [
                "expected a URL with a port from 1 to 65535, found the text \"http://h:70000/x\""
            ]
        )
    }

    @Test(arguments: ["http://me:hunter2@h/x", "https://hunter2@h:70000", "http://:hunter2@h", "htp://me:hunter2@h"])
    func credentialsInAURLAreAnErrorThatDoesNotShowThem(text: String) throws {
        #expect(HTTPAddress(text) == nil)
        let messages = messages(of: text)
        #expect(messages.count == 1)
        let message = try #require(messages.first)
        #expect(!message.contains("hunter2"), "\(message)")
        if text.hasPrefix("http") { #expect(message.contains("'authorization' or 'headers'"), "\(message)") }
    }

    private func messages(of text: String) -> [String] {
        var issues: [JobIssue] = []
        let address = HTTPAddress.convert(.string(text), at: ParameterPath(), issues: &issues)
        #expect(address == nil)
        return issues.map(\.message)
    }

    @Test(arguments: [
        ("no such hook: T012345/B9876", true), ("invalid_token", false), ("see hooks.example.org", false),
        ("q=s3cret", true),
    ])
    func partsOfTheURLAreRecognised(text: String, expected: Bool) throws {
        let address = try #require(
            HTTPAddress("https://hooks.example.org/services/T012345/B9876?key=s3cret")
        )
        #expect(address.isRevealed(by: text) == expected)
    }

    @Test(arguments: [
        ("120", Duration.seconds(120)), ("0", .zero), ("Wed, 01 May 2024 10:00:05 GMT", .seconds(5)),
        ("Wed, 01 May 2024 09:00:00 GMT", .zero),
    ])
    func retryAfterIsRead(text: String, expected: Duration) {
        #expect(RetryAfter.duration(text, now: Date(timeIntervalSince1970: 1_714_557_600)) == expected)
    }

    @Test(arguments: ["", "soon", "-1", "1.5", "99999999", "Wed, 01 May 2034 10:00:05 GMT"])
    func otherTextsAreNoRetryAfter(text: String) {
        #expect(RetryAfter.duration(text, now: Date(timeIntervalSince1970: 1_714_557_600)) == nil)
    }

    @Test func aSecretAddressThatIsWrongIsNotShown() {
        struct Holder: ParameterGroup {
            @Parameter(.secret) var url: HTTPAddress
        }
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(Holder.self, from: ["url": "hunter2"], at: ParameterPath(), issues: &issues)
        #expect(issues.map(\.message).count == 1)
        #expect(issues[0].message.contains("expected a URL that begins with http:// or https://"))
        #expect(!issues[0].message.contains("hunter2"))
    }
}
