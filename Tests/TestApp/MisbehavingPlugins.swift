import Flowmancer
import FoundationEssentials
import Glibc

/// What a plug-in does instead of its work.
enum Misbehaviour: String {
    case fail, trap
    /// Never returns, deaf to cancellation, but leaves its thread to others.
    case hang
    /// Never returns, and keeps its thread asleep.
    case block
    /// Never returns, and keeps its thread busy.
    case spin
    /// Blocks as many threads of the common pool as there can be, and returns.
    case blockPool = "block_pool"

    func perform() async throws {
        switch self {
        case .fail: throw Failure(description: "misbehaves on purpose")
        case .trap: fatalError("trapped on purpose")
        case .hang: await withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
        case .block: while true { sleep(600) }
        case .spin: while true { sched_yield() }
        case .blockPool: for _ in 0..<64 { Task.detached { while true { Glibc.sleep(600) } } }
        }
    }
}

/// Misbehaves in one of its methods, and notes every call in a file.
struct MisbehavingLogger: FlowLogger {
    @Parameter var step = "update"
    @Parameter var how = Misbehaviour.fail
    @Parameter var target = "logger.txt"

    private func enter(_ name: String) async throws {
        try appendLine(name, to: target)
        if name == step { try await how.perform() }
    }

    func onCreate() async throws { try await enter("onCreate") }
    func onRestart() async throws { try await enter("onRestart") }
    func update(_ event: TaskLogEvent) async throws { try await enter("update") }
    func onSuccess() async throws { try await enter("onSuccess") }
    func onFailure() async throws { try await enter("onFailure") }
    func onAbort() async throws { try await enter("onAbort") }
    func onDestroy() async throws { try await enter("onDestroy") }
}

/// Misbehaves in one of its methods, and notes every call in a file.
struct MisbehavingExtension: FlowExtension {
    @Parameter var step = "update"
    @Parameter var how = Misbehaviour.fail
    @Parameter var target = "extension.txt"

    private func enter(_ name: String) async throws {
        try appendLine(name, to: target)
        if name == step { try await how.perform() }
    }

    func onCreate() async throws { try await enter("onCreate") }
    func onRestart() async throws { try await enter("onRestart") }
    func update(_ event: ExecutionEvent) async throws { try await enter("update") }
    func onSuccess() async throws { try await enter("onSuccess") }
    func onFailure() async throws { try await enter("onFailure") }
    func onAbort() async throws { try await enter("onAbort") }
    func onDestroy() async throws { try await enter("onDestroy") }
}

/// Traps as soon as a file is there.
struct TrapWhenThere: FlowExtension {
    @Parameter var path: String

    func update(_ event: ExecutionEvent) async throws {
        if access(path, F_OK) == 0 { try await Misbehaviour.trap.perform() }
    }
}

/// Keeps checkpoints in a file, without a journal, and misbehaves in one of its methods, from a certain call on.
struct MisbehavingCheckpointer: FlowCheckpointer {
    @Parameter var step = "write"
    @Parameter var how = Misbehaviour.fail
    @Parameter var from = 1
    @Parameter var target = "checkpoint.json"

    private func enter(_ name: String) async throws {
        let calls = "\(target).\(name)"
        try appendLine(name, to: calls)
        let count = try String(decoding: Data(contentsOf: URL(fileURLWithPath: calls)), as: UTF8.self)
            .split(separator: "\n").count
        if name == step, count >= from { try await how.perform() }
    }

    func onCreate() async throws { try await enter("onCreate") }
    func onSuccess() async throws { try await enter("onSuccess") }
    func onFailure() async throws { try await enter("onFailure") }
    func onDestroy() async throws { try await enter("onDestroy") }

    func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        try await enter("lock")
        return nil
    }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        try await enter("write")
        try JSONEncoder().encode(contents).write(to: URL(fileURLWithPath: target), options: .atomic)
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        try await enter("read")
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: target)) else {
            throw NoCheckpointAvailableError(name)
        }
        return try JSONDecoder().decode(CheckpointContents.self, from: data)
    }

    func clearCheckpoint(for name: String) async throws {
        try await enter("clear")
        unlink(target)
    }
}

/// Takes its time for every event, and says at the end how many there were.
actor SlowLogger: FlowLogger {
    @Parameter var delay = Duration.milliseconds(100)
    @Parameter var target = "slow.txt"
    private var count = 0

    func update(_ event: TaskLogEvent) async throws {
        count += 1
        try await Task.sleep(for: delay)
    }

    func onDestroy() async throws { try writeMarker(target, "\(count)") }
}

/// The same for changes of state.
actor SlowExtension: FlowExtension {
    @Parameter var delay = Duration.milliseconds(100)
    @Parameter var target = "slow.txt"
    private var count = 0

    func update(_ event: ExecutionEvent) async throws {
        count += 1
        try await Task.sleep(for: delay)
    }

    func onDestroy() async throws { try writeMarker(target, "\(count)") }
}

/// Writes down at the end how much memory the engine has used at most, in kilobytes.
struct PeakMemory: FlowExtension {
    @Parameter var target: String

    func update(_ event: ExecutionEvent) async throws {}

    func onDestroy() async throws {
        let status = try String(decoding: Data(contentsOf: URL(fileURLWithPath: "/proc/self/status")), as: UTF8.self)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) else { return }
        try writeMarker(target, String(line.filter(\.isNumber)))
    }
}

private func appendLine(_ line: String, to path: String) throws {
    guard let file = fopen(path, "a") else { throw Failure(description: "cannot write \(path)") }
    fputs(line + "\n", file)
    fclose(file)
}
