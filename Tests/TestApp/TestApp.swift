import Flowmancer

/// The program that the end-to-end tests run: its tasks do whatever a test needs.
struct TestApp: FlowmancerApp {
    static func register(in catalog: inout TypeCatalog) {
        catalog.register(Repeat<Int>.self)
        catalog.register(Repeat<String>.self)
        catalog.register(Repeat<Bool>.self, as: "RepeatFlag")
    }
}

/// Prints a value of whichever type. Private and generic: neither discovery nor the runtime finds it by its name.
private struct Repeat<Value: Sendable & Codable>: FlowTask {
    @Parameter var value: Value

    func run() async throws { print("\(Value.self) \(value)") }
}
