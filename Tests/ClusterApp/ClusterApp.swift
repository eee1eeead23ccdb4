import Flowmancer
import FlowmancerSlurm
import Foundation

/// A program whose tasks may run on other machines.
@main struct ClusterApp: FlowmancerApp {}

/// Does nothing: what is left is the work of the engine and the pilots.
struct Nothing: FlowTask {
    func run() async throws {}
}

/// Appends a line for its beginning and one for its end to the file `side`, and waits for a file in between if it is told to.
struct Step: FlowTask {
    @Parameter var gate: String?
    @Parameter var secret: String?

    func run() async throws {
        note("begin")
        while let gate, !FileManager.default.fileExists(atPath: gate) { try await Task.sleep(for: .milliseconds(10)) }
        note("end")
    }

    private func note(_ what: String) {
        guard let file = fopen("side", "a") else { return }
        let node = ProcessInfo.processInfo.environment["FLOWMANCER_TEST_NODE"] ?? "-"
        fputs("\(what) \(metadata.name) \(metadata.attempt) \(node)\n", file)
        fclose(file)
    }
}

/// Adds to a number in the shared dictionary, and publishes what it was.
struct Count: FlowTask {
    @Output var number: Int

    mutating func run() async throws {
        try await sharedDict.update("count", default: 0) { $0 += 1 }
        number = try await sharedDict.get("count")
    }
}

/// Prints lines to both streams, and logs in between.
struct Talk: FlowTask {
    @Parameter var lines = 10

    func run() async throws {
        for line in 0..<lines {
            print("out \(line)")
            logger.warning("log \(line)")
        }
        FileHandle.standardError.write(Data("err\n".utf8))
    }
}

/// Puts a value into the shared dictionary that a worker can just send, and a pilot cannot pass on.
struct Exceed: FlowTask {
    func run() async throws {
        let value = String(repeating: "x", count: (64 << 20) - 36)
        do { try await sharedDict.set("k", to: value) } catch { print("refused: \(error)") }
    }
}

/// Kills what it runs in, or its pilot.
struct Fall: FlowTask {
    func run() async throws { kill(getpid(), SIGKILL) }
}

/// Prints a secret.
struct Tell: FlowTask {
    @Parameter(.secret) var password: String

    func run() async throws { print("it is \(password)") }
}
