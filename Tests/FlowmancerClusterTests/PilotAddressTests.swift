import Testing

@testable import FlowmancerCluster

@Suite struct PilotAddressTests {
    private static let readable: [(String, String?, Int?)] = [
        ("node1", "node1", nil), ("node1:4000", "node1", 4_000), (":4000", nil, 4_000),
        ("10.0.0.1", "10.0.0.1", nil), ("10.0.0.1:65535", "10.0.0.1", 65_535),
        ("::1", "::1", nil), ("[::1]", "::1", nil), ("[fd00::2]:1", "fd00::2", 1),
    ]

    @Test(arguments: readable)
    func parts(text: String, host: String?, port: Int?) throws {
        let address = try PilotAddress(text)
        #expect((address.host, address.port) == (host, port))
    }

    @Test(arguments: [
        "", ":", "node1:", ":0", "node1:65536", ":99999999999999999999", "node1:-1", "node1:+1", "[::1", "[::1]4000",
        "[::1]:", "::g", "a b", "node\u{0}", "http://node1", "user@node1", "node1:4000:1", "knoten-ä",
        String(repeating: "a", count: 254),
    ])
    func mistakes(text: String) {
        #expect {
            try PilotAddress(text)
        } throws: { error in
            "\(error)".contains("write HOST:PORT, HOST or :PORT") && !"\(error)".contains("\u{0}")
        }
    }
}
