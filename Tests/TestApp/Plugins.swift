import Flowmancer
import FoundationEssentials
import Glibc

/// Appends a line to a file.
private func record(_ line: String, in target: String) {
    guard let file = fopen(target, "a") else { return }
    fputs(line + "\n", file)
    fclose(file)
}

/// Appends every event to a file.
actor RecordingLogger: FlowLogger {
    @Parameter var target: String

    private func record(_ line: String) { test_app.record(line, in: target) }

    func onCreate() async throws { record("onCreate") }
    func onRestart() async throws { record("onRestart") }
    func onSuccess() async throws { record("onSuccess") }
    func onFailure() async throws { record("onFailure") }
    func onAbort() async throws { record("onAbort") }
    func onDestroy() async throws { record("onDestroy") }

    func update(_ event: TaskLogEvent) async throws {
        switch event.kind {
        case .start: record("[\(event.taskName)] START \(event.attempt)")
        case .line: record("[\(event.taskName)] \(event.severity.rawValue): \(event.message)")
        case .end: record("[\(event.taskName)] END \(event.attempt)")
        default: break
        }
    }
}

/// Appends every change of state to a file.
actor RecordingExtension: FlowExtension {
    @Parameter var target: String
    @Parameter("Whether the end of the run is recorded, too.") var ending = false

    func update(_ event: ExecutionEvent) async throws {
        record("\(event.taskName) \(event.from.rawValue)\(event.to.rawValue) \(event.attempt)", in: target)
    }

    func onAbort() async throws { if ending { record("onAbort", in: target) } }
    func onDestroy() async throws { if ending { record("onDestroy", in: target) } }
}

/// Throws in every method.
struct FailingExtension: FlowExtension {
    func onCreate() async throws { throw Failure(description: "onCreate failed") }
    func update(_ event: ExecutionEvent) async throws { throw Failure(description: "update failed") }
    func onSuccess() async throws { throw Failure(description: "onSuccess failed") }
    func onDestroy() async throws { throw Failure(description: "onDestroy failed") }
}

/// Keeps checkpoints with the three methods of the original only.
struct PlainCheckpointer: FlowCheckpointer {
    @Parameter var directory: String

    private func path(_ name: String) -> URL { URL(fileURLWithPath: "\(directory)/\(name).json") }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        try JSONEncoder().encode(contents).write(to: path(name))
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        guard let data = try? Data(contentsOf: path(name)) else { throw NoCheckpointAvailableError(name) }
        return try JSONDecoder().decode(CheckpointContents.self, from: data)
    }

    func clearCheckpoint(for name: String) async throws { unlink(path(name).path) }
}

/// Keeps nothing, but appends to a file what it is asked for; a checkpoint that says of a task that it completed, and has
/// not the value that the task left under its own name, is torn.
struct RecordingCheckpointer: FlowCheckpointer {
    @Parameter var target: String
    @Parameter var checkedTasks: [String] = []

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        let completed = checkedTasks.filter { contents.states[$0] == .completed }
        let isTorn = completed.contains { contents.sharedDict[$0] == nil }
        record(isTorn ? "torn" : "write \(completed.count)", in: target)
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        record("read", in: target)
        throw NoCheckpointAvailableError(name)
    }

    func clearCheckpoint(for name: String) async throws { record("clear", in: target) }
    func onAbort() async throws { record("onAbort", in: target) }
    func onDestroy() async throws { record("onDestroy", in: target) }
}

/// Cannot store anything.
struct BrokenCheckpointer: FlowCheckpointer {
    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        throw Failure(description: "the storage is broken")
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        throw Failure(description: "the storage is broken")
    }

    func clearCheckpoint(for name: String) async throws {}
}

/// Never comes back from its end.
struct HangingExtension: FlowExtension {
    @Parameter var marker: String

    func update(_ event: ExecutionEvent) async throws {}
    func onDestroy() async throws {
        try writeMarker(marker, "hanging")
        try await Task.sleep(for: .seconds(600))
    }
}

/// Prints the command that continues the run, when it failed.
actor ResumeTeller: FlowExtension {
    @Parameter var target: String

    func update(_ event: ExecutionEvent) async throws {}

    func onFailure() async throws { record(runInfo.resumeCommand ?? "none", in: target) }
}
