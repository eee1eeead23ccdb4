import Flowmancer
import Glibc

/// Succeeds at once.
struct NoOp: FlowTask {
    func run() async throws {}
}

/// Prints a line.
struct Print: FlowTask {
    @Parameter var text: String

    func run() async throws { print(text) }
}

/// Throws.
struct Fail: FlowTask {
    func run() async throws { throw Failure(description: "as intended") }
}

struct Failure: Error, CustomStringConvertible {
    var description: String
}

/// Ends the process in the middle of `run`.
struct ExitProcess: FlowTask {
    @Parameter var code: Int32

    func run() async throws {
        print("about to exit")
        exit(code)
    }
}

/// Runs into a trap.
struct Trap: FlowTask {
    func run() async throws { fatalError("trapped on purpose") }
}

/// Kills its own process.
struct KillSelf: FlowTask {
    @Parameter var signal = SIGKILL

    func run() async throws {
        kill(getpid(), signal)
        while true { sleep(1) }
    }
}

/// Uses memory until there is none.
struct UseMemory: FlowTask {
    func run() async throws {
        var blocks: [[UInt8]] = []
        while true { blocks.append([UInt8](repeating: 1, count: 64 << 20)) }
    }
}

/// Sleeps until it is cancelled.
struct SleepLong: FlowTask {
    @Parameter var marker: String?

    func run() async throws {
        if let marker { try writeMarker(marker, "running \(getpid())") }
        try await Task.sleep(for: .seconds(600))
    }

    func onAbort() async throws {
        print("onAbort")
        if let marker { try writeMarker(marker + ".abort", "aborted") }
    }
}

/// Sleeps for a while.
struct SleepBriefly: FlowTask {
    @Parameter var duration: Duration

    func run() async throws { try await Task.sleep(for: duration) }
}

/// Blocks its thread, deaf to cancellation.
struct Block: FlowTask {
    @Parameter var marker: String

    func run() async throws {
        try writeMarker(marker, "running \(getpid())")
        while true { usleep(100_000) }
    }

    func onAbort() async throws { try writeMarker(marker + ".abort", "aborted") }
}

/// Fails until the attempt of the given number.
struct SucceedOnAttempt: FlowTask {
    @Parameter var attempt: Int

    func run() async throws {
        print("attempt \(metadata.attempt)")
        if metadata.attempt < attempt { throw Failure(description: "not yet") }
    }
}

/// Fails unless the file exists.
struct RequireFile: FlowTask {
    @Parameter var path: String

    func run() async throws {
        guard access(path, F_OK) == 0 else { throw Failure(description: "\(path) is missing") }
    }

    func onRestart() async throws { print("onRestart") }
}

/// Writes a file whole, so that a test that waits for it never sees half of it.
func writeMarker(_ path: String, _ text: String) throws {
    let temporary = "\(path).\(getpid()).tmp"
    guard let file = fopen(temporary, "w") else { throw Failure(description: "cannot write \(path)") }
    fputs(text, file)
    fclose(file)
    rename(temporary, path)
}

/// Prints every method of its lifecycle, and sleeps in `run` up to the attempt of the given number.
struct SleepUntilAttempt: FlowTask {
    @Parameter var attempt = Int.max
    /// Whether a cancellation is hidden, so that `run` returns as if nothing had happened.
    @Parameter var hidesCancellation = false

    func onCreate() async throws { print("onCreate") }
    func onRestart() async throws { print("onRestart") }
    func run() async throws {
        print("run")
        guard metadata.attempt < attempt else { return }
        do {
            try await Task.sleep(for: .seconds(600))
        } catch {
            print("cancelled \(Task.isCancelled)")
            if !hidesCancellation { throw error }
        }
    }
    func onSuccess() async throws { print("onSuccess") }
    func onFailure() async throws { print("onFailure") }
    func onAbort() async throws { print("onAbort") }
    func onDestroy() async throws { print("onDestroy") }
}
