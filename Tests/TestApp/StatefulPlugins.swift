import Flowmancer
import Glibc
import Synchronization

/// Sets a key of the shared dictionary for every change of state, and for the methods at the end of a run.
struct SetForEachEvent: FlowExtension {
    @Parameter("Where to write that all keys are set; the extension then stays until the process ends.")
    var marker: String?

    func update(_ event: ExecutionEvent) async throws {
        try await sharedDict.set("seen-\(event.taskName)-\(event.to.rawValue)", to: true)
    }

    func onSuccess() async throws { try await sharedDict.set("seen-onSuccess", to: true) }
    func onFailure() async throws { try await sharedDict.set("seen-onFailure", to: true) }

    func onDestroy() async throws {
        try await sharedDict.set("seen-onDestroy", to: true)
        guard let marker else { return }
        try writeMarker(marker, "waiting")
        while true { sleep(600) }
    }
}

/// Prints all keys of the shared dictionary.
struct PrintKeys: FlowTask {
    func run() async throws { print(try await sharedDict.keys().joined(separator: " ")) }
}

/// Waits at the end of a run until a file is there.
struct WaitAtEnd: FlowExtension {
    @Parameter var marker: String
    @Parameter var gate: String

    func update(_ event: ExecutionEvent) async throws {}

    func onDestroy() async throws {
        try writeMarker(marker, "waiting")
        while access(gate, F_OK) != 0 { usleep(1_000) }
    }
}

/// Keeps nothing. Its journal is to be started anew all the time, which takes until a file is there.
struct StallingCheckpointer: FlowCheckpointer {
    @Parameter var marker: String
    @Parameter var gate: String
    private let journals = Count()

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {}
    func readCheckpoint(for name: String) async throws -> CheckpointContents { throw NoCheckpointAvailableError(name) }
    func clearCheckpoint(for name: String) async throws {}

    func openJournal(
        for name: String,
        startingFrom contents: CheckpointContents
    ) async throws -> (any CheckpointJournal)? {
        if journals.increment() > 1 {
            try writeMarker(marker, "waiting")
            while access(gate, F_OK) != 0 { usleep(1_000) }
        }
        return Journal()
    }

    private struct Journal: CheckpointJournal {
        var isDueForCompaction: Bool { true }
        func append(_ entries: [JournalEntry]) throws {}
        func synchronize() throws {}
        func close() throws {}
    }

    private final class Count: Sendable {
        private let value = Mutex(0)

        func increment() -> Int {
            value.withLock { value in
                value += 1
                return value
            }
        }
    }
}
