import Flowmancer

/// Adds to a counter in the shared dictionary, many times.
struct Increment: FlowTask {
    @Parameter var key = "counter"
    @Parameter var times = 1

    func run() async throws {
        for _ in 0..<times { try await sharedDict.update(key, default: 0) { $0 += 1 } }
    }
}

/// Prints a number of the shared dictionary.
struct PrintCounter: FlowTask {
    @Parameter var key = "counter"

    func run() async throws { print("\(key) = \(try await sharedDict.get(key, as: Int.self))") }
}

/// Prints a text of the shared dictionary in brackets.
struct PrintShared: FlowTask {
    @Parameter var key: String

    func run() async throws { print("[\(try await sharedDict.get(key, as: String.self))]") }
}

/// Uses every operation on the shared dictionary.
struct UseSharedDict: FlowTask {
    struct Point: Codable, Sendable, Equatable {
        var x: Int
        var label: String
    }

    func run() async throws {
        try await sharedDict.set("point", to: Point(x: 1, label: "é \"quoted\""))
        let point: Point = try await sharedDict.get("point")
        print("point \(point.x) \(point.label)")
        try await sharedDict.update("point", default: Point(x: 0, label: "")) { $0.x += 41 }
        print("x \(try await sharedDict.get("point", as: Point.self).x)")
        print("contains \(try await sharedDict.contains("point")) \(try await sharedDict.contains("nothing"))")
        print("nothing \(try await sharedDict.getIfPresent("nothing", as: Int.self) == nil)")
        try await sharedDict.set("large", to: String(repeating: "x", count: 1 << 20))
        print("large \(try await sharedDict.get("large", as: String.self).count)")
        try await sharedDict.remove("large")
        print("keys \(try await sharedDict.keys().joined(separator: ","))")
        do {
            _ = try await sharedDict.get("point", as: Int.self)
        } catch {
            print("error \(error)")
        }
        _ = try await sharedDict.get("missing", as: Int.self)
    }
}

/// Prints every method of its lifecycle, and fails in those that it is told to.
struct Lifecycle: FlowTask {
    @Parameter var failing: [String] = []

    private func enter(_ step: String) throws {
        print(step)
        if failing.contains(step) { throw Failure(description: "\(step) was told to fail") }
    }

    func onCreate() async throws { try enter("onCreate") }
    func onRestart() async throws { try enter("onRestart") }
    func run() async throws { try enter("run") }
    func onSuccess() async throws { try enter("onSuccess") }
    func onFailure() async throws { try enter("onFailure") }
    func onDestroy() async throws { try enter("onDestroy") }
    func onAbort() async throws { try enter("onAbort") }
}

enum Transport: String, CaseIterable {
    case http = "HTTP"
    case https = "HTTPS"
}

struct APIDetails: ParameterGroup {
    @Parameter var `protocol` = Transport.https
    @Parameter var baseURL: String
    @Parameter var endpoint: String
}

/// The original's example of complex parameters.
struct DownloadDataFromRestApi: FlowTask {
    @Parameter var apiDetails: APIDetails
    @Parameter var targetDir: String
    @Parameter var targetFilename = "data.json"

    func run() async throws {
        let details = apiDetails
        print("\(details.protocol.rawValue)://\(details.baseURL)/\(details.endpoint) -> \(targetDir)/\(targetFilename)")
    }
}
