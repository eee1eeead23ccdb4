import Flowmancer

struct Greet: FlowTask {
    @Parameter("The name to greet.") var name: String
    @Parameter var times = 1

    func run() async throws {
        for _ in 0..<times { print("Hello, \(name)!") }
        try await sharedDict.set("greeted", to: name)
    }
}

/// A task that discovery does not find, because it is generic.
struct Copy<Value: Sendable & Codable>: FlowTask {
    @Parameter var value: Value

    func run() async throws {
        try await sharedDict.set("copy", to: value)
    }
}
