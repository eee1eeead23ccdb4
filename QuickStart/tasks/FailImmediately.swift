import Flowmancer

struct FailImmediately: FlowTask {
    func run() async throws {
        let value: String = try await sharedDict.get("my_var")
        print("Printing `my_var` value: \(value)")

        // An error fails the attempt, and after the last one keeps dependent tasks from running.
        throw IntendedError()
    }
}

struct IntendedError: Error, CustomStringConvertible {
    var description: String { "Let this be caught by Flowmancer" }
}
