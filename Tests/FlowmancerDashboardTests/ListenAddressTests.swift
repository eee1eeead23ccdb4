import Testing

@testable import FlowmancerDashboard

@Suite struct ListenAddressTests {
    @Test func addressesAreRead() {
        #expect(ListenAddress(argument: "8080") == .port(host: "127.0.0.1", 8080))
        #expect(ListenAddress(argument: ":0") == .port(host: "127.0.0.1", 0))
        #expect(ListenAddress(argument: "[::1]:80") == .port(host: "::1", 80))
        #expect(ListenAddress(argument: "Runs.Example.org:443") == .port(host: "runs.example.org", 443))
        #expect(ListenAddress(argument: "unix:/run/a.sock") == .socket(path: "/run/a.sock"))
        for text in ["", "host", "host:", "host:65536", "host:-1", "::1:80", "[::1:80", "a b:80", "unix:", "host:+1"] {
            #expect(ListenAddress(argument: text) == nil, "\(text)")
        }
    }

    @Test func onlyThisMachineIsLocal() {
        for text in ["80", "127.0.0.1:80", "127.9.9.9:80", "localhost:80", "[::1]:80", "unix:/a"] {
            #expect(ListenAddress(argument: text)?.isLocal == true, "\(text)")
        }
        for text in ["0.0.0.0:80", "[::]:80", "192.168.0.1:80", "127.0.0.1.example.org:80", "example.org:80"] {
            #expect(ListenAddress(argument: text)?.isLocal == false, "\(text)")
        }
    }
}
