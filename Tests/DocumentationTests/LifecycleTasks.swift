import Flowmancer
import Foundation

struct Import {
    @Parameter var file: String
}

extension Import: FlowTask {
    func run() async throws { print("importing \(file)") }
    func onSuccess() async throws { print("imported \(file)") }
}

struct Reconcile: FlowTask {
    func run() async throws {
        print("a line on standard output")
        logger.warning("balance differs", metadata: ["account": "4711", "difference": "0.01"])
    }
}

struct Send: FlowTask {
    func run() async throws {
        let isFirstTry = metadata.attempt == 1 && !metadata.isRestart
        print(isFirstTry ? "sending" : "sending again: \(metadata.name), attempt \(metadata.attempt)")
    }
}

struct FetchAll: FlowTask {
    @Parameter var sources: [String]

    func run() async throws {
        let size = try await withThrowingTaskGroup(of: Int.self) { group in
            for source in sources {
                group.addTask {
                    let data = try await fetch(source)
                    logger.info("fetched \(source)")
                    return data.count
                }
            }
            return try await group.reduce(0, +)
        }
        print("\(size) bytes")
    }
}

/// Stands for a request to a server.
private func fetch(_ source: String) async throws -> Data { Data(source.utf8) }

struct WaitForFile: FlowTask {
    @Parameter var path: String

    func run() async throws {
        while !FileManager.default.fileExists(atPath: path) {
            try await clock.sleep(for: .seconds(1))
        }
    }

    func onAbort() async throws { print("gave up on \(path)") }
}

struct Archive: FlowTask {
    static let abstract = "Compresses a directory."
    @Parameter var directory: String

    func run() async throws { print("compressing \(directory)") }
}

extension SharedKey where Value == Int {
    static var rowCount: Self { Self("row_count") }
}

struct CountRows: FlowTask {
    func run() async throws {
        try await sharedDict.update(.rowCount, default: 0) { $0 += 1 }
        let rows = try await sharedDict.get(.rowCount)
        print("\(rows) rows")
    }
}

struct TellOfFailures: FlowTask {
    func run() async throws {
        for dependency in metadata.dependencies where dependency.state == .failed {
            logger.warning("\(dependency.name): \(dependency.reason ?? "unknown"), see \(dependency.log ?? "no log")")
        }
    }
}
