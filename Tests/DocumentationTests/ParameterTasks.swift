import Flowmancer

enum Transport: String { case http = "HTTP", https = "HTTPS" }

struct APIDetails: ParameterGroup {
    @Parameter var transport = Transport.https
    @Parameter var baseURL: String
}

struct Download: FlowTask {
    @Parameter("Where the data comes from.") var api: APIDetails
    @Parameter var target: String
    @Parameter var timeout: Duration?

    func run() async throws { print("\(api.transport.rawValue) \(api.baseURL) → \(target)") }
}

struct Upload: FlowTask {
    @Flattened var api: APIDetails
    @Parameter var file: String

    func run() async throws { print("\(file) → \(api.baseURL)") }
}

struct Port: RawRepresentable, Codable, Sendable {
    let rawValue: Int

    init?(rawValue: Int) {
        guard (1...65_535).contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

struct Listen: FlowTask {
    @Parameter var port: Port

    func run() async throws { print("listening at \(port.rawValue)") }
}

struct Publish: FlowTask {
    @Parameter(.secret, "The token of the service.") var token: String
    @Parameter var target: String

    func run() async throws {
        print("Publishing to \(target) as \(token)")  // Publishing to … as ***
    }
}
