import Flowmancer
import Glibc
import Synchronization

/// Adds to a counter in the shared dictionary, many times.
struct Increment: FlowTask {
    @Parameter var key = "counter"
    @Parameter var times = 1

    func run() async throws {
        for _ in 0..<times { try await sharedDict.update(key, default: 0) { $0 += 1 } }
    }
}

/// Adds to a counter, and prints how often the change was computed for that.
struct CountComputations: FlowTask {
    func run() async throws {
        let computations = Atomic(0)
        try await sharedDict.update("counter", default: 0) {
            computations.add(1, ordering: .relaxed)
            $0 += 1
        }
        print("computed \(computations.load(ordering: .relaxed))")
    }
}

/// Adds to a counter with many updates at once.
struct IncrementConcurrently: FlowTask {
    @Parameter var times: Int

    func run() async throws {
        let (shared, times) = (sharedDict, times)
        try await withThrowingTaskGroup { group in
            for _ in 0..<times { group.addTask { try await shared.update("counter", default: 0) { $0 += 1 } } }
            try await group.waitForAll()
        }
    }
}

/// Ends in the middle of an update: with the process, with an error, or never.
struct BreakUpdate: FlowTask {
    @Parameter var way: String
    @Parameter var marker: String

    func run() async throws {
        let (way, marker) = (way, marker)
        try await sharedDict.update("counter", default: 0) { _ in
            try writeMarker(marker, "updating")
            switch way {
            case "exit":
                while access("go", F_OK) != 0 { usleep(1_000) }
                exit(3)
            case "throw":
                while access("go", F_OK) != 0 { usleep(1_000) }
                throw Failure(description: "no update")
            default:
                while access("stop", F_OK) != 0 { usleep(1_000) }
            }
        }
    }
}

/// Sets a value while an update of it is being computed, so that the computation has to begin again.
struct SetDuringUpdate: FlowTask {
    func run() async throws {
        let shared = sharedDict
        let (computing, begun) = AsyncStream.makeStream(of: Void.self)
        let isSet = Atomic(false)
        async let writing: Void = {
            for await _ in computing { break }
            try await shared.set("value", to: 100)
            isSet.store(true, ordering: .releasing)
        }()
        try await shared.update("value", default: 0) {
            begun.yield()
            while !isSet.load(ordering: .acquiring) { usleep(1_000) }
            $0 += 1
        }
        try await writing
        print("value \(try await shared.get("value", as: Int.self))")
    }
}

/// Prints a number of the shared dictionary.
struct PrintCounter: FlowTask {
    @Parameter var key = "counter"

    func run() async throws { print("\(key) = \(try await sharedDict.get(key, as: Int.self))") }
}

/// Leaves a value under its own name.
struct SetOwnName: FlowTask {
    func run() async throws { try await sharedDict.set(metadata.name, to: true) }
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

extension SharedKey where Value == Int {
    static var typed: Self { Self("typed") }
}

/// Uses a typed key of the shared dictionary, whose value others know by its name.
struct UseSharedKey: FlowTask {
    static let abstract = "Counts with a typed key."

    func run() async throws {
        print("before \(try await sharedDict.contains(.typed)) \(try await sharedDict.getIfPresent(.typed) == nil)")
        try await sharedDict.set(.typed, to: 20)
        try await sharedDict.update(.typed, default: 0) { $0 += 1 }
        try await sharedDict.update(.typed, default: 0) { $0 *= 2 }
        let value = try await sharedDict.get(.typed)
        print("value \(value + 0) \(try await sharedDict.get("typed", as: Int.self))")
        let words = SharedKey<[String]>("words")
        try await sharedDict.set(words, to: ["a"])
        try await sharedDict.remove(words)
        print("words \(try await sharedDict.contains(words))")
        try await sharedDict.set("typed", to: "text")
        _ = try await sharedDict.get(.typed)
    }
}

/// Publishes values, and then fails as often as it is told to.
struct Publish: FlowTask {
    static let abstract = "Publishes values."

    @Parameter var rows = 3
    @Parameter var failures = 0
    @Parameter var way = "throw"
    @Parameter var size = 0
    @Output("How many rows there are.") var rowCount: Int
    @Output var regions: [String]
    @Output var note: String?

    mutating func run() async throws {
        rowCount = rows * metadata.attempt
        regions = ["eu", "us"]
        if size > 0 { note = String(repeating: "x", count: size) }
        if metadata.attempt > failures { return }
        if way == "exit" { exit(3) }
        throw Failure(description: "as intended")
    }

    mutating func onSuccess() async throws {
        rowCount += 1
    }

    mutating func onDestroy() async throws {
        if way == "destroy", metadata.attempt <= failures { throw Failure(description: "not destroyed") }
    }
}

/// Prints what it is told of the tasks that it depends on.
struct PrintDependencies: FlowTask {
    func run() async throws {
        for end in metadata.dependencies {
            print("\(end.name) \(end.state): \(end.reason ?? "-") (\(end.log.map { access($0, R_OK) == 0 } ?? false))")
        }
        print("told of \(metadata.dependencies.count)")
    }
}

/// Prints the units of resources that the attempt has.
struct PrintResources: FlowTask {
    func run() async throws {
        for (name, units) in metadata.resources.sorted(by: { $0.key < $1.key }) {
            print("\(name): \(units.joined(separator: " "))")
        }
        print("told of \(metadata.resources.count)")
    }
}
