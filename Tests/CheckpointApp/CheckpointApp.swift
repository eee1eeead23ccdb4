import Flowmancer
import FlowmancerPostgres
import FlowmancerSQLite
import FoundationEssentials
import Glibc

/// A program whose jobs may keep their checkpoints in databases.
@main struct CheckpointApp: FlowmancerApp {}

/// Says in a file when it begins and ends, and waits for another file in between if it is told to.
struct Step: FlowTask {
    @Parameter var gate: String?

    func run() async throws {
        note("begin")
        try await sharedDict.update("steps", default: [String]()) { $0.append(metadata.name) }
        while let gate, !FileManager.default.fileExists(atPath: gate) { try await Task.sleep(for: .milliseconds(5)) }
        note("end")
    }

    private func note(_ what: String) {
        guard let file = fopen("side", "a") else { return }
        fputs("\(what) \(metadata.name)\n", file)
        fclose(file)
    }
}

/// Succeeds at once: what is left is the work of the engine and the checkpointer.
struct Nothing: FlowTask {
    func run() async throws {}
}

/// Has the name of a task that every program has.
struct Shell: FlowTask {
    func run() async throws { print("the program's own") }
}

/// Prints what the others have left.
struct Audit: FlowTask {
    func run() async throws {
        print(try await sharedDict.get("steps", as: [String].self).sorted().joined(separator: " "))
    }
}
