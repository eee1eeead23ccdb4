import Flowmancer
import FoundationEssentials

/// The program that the end-to-end tests run: its tasks do whatever a test needs.
struct TestApp: FlowmancerApp {
    static let version: String? = ProcessInfo.processInfo.environment["TEST_APP_VERSION"]
    static let defaultJobFile: String? = ProcessInfo.processInfo.environment["TEST_APP_DEFAULT_JOB"]

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

/// A task from which others inherit.
class InheritedFrom: FlowTask {
    required init() {}
    func run() async throws { print("\(Self.self)") }
}

/// Has no conformance of its own: discovery does not find it.
final class Inheriting: InheritedFrom {}

/// Conforms to nothing that a job could name.
struct Conformless {}

/// Holds tasks.
enum Outer {
    struct Nested: FlowTask {
        func run() async throws { print("nested") }
    }

    /// Only registered forms have names.
    struct Template<Value: Sendable & Codable>: FlowTask {
        @Parameter var value: Value
        func run() async throws {}
    }
}
