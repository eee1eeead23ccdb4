import Dispatch
import Flowmancer
import FoundationEssentials
import Glibc
import Logging
import Synchronization

/// Starts helpers that leave orphans behind, and prints how many zombies there are at last.
///
/// It waits until there are fewer than `limit`, but not without end.
struct LeaveOrphans: FlowTask {
    @Parameter var count: Int
    @Parameter var limit: Int

    func run() async throws {
        for _ in 0..<count { try spawn(["/bin/sh", "-c", "sleep 0 &"], waits: true) }
        try await awaitCondition("there are few zombies") { zombies() < limit }
        print("few zombies")
    }
}

/// Starts children in several ways, and collects them late: after orphans were collected that died later.
struct CollectLate: FlowTask {
    func run() async throws {
        var children: [(way: String, pid: pid_t, code: Int32)] = []
        children.append(("this thread", try start(exit: 11, in: 0), 11))
        // The thread is gone before its child is collected.
        children.append(("another thread", try onThread { try start(exit: 12) }, 12))
        children.append(("Dispatch", try DispatchQueue(label: "child").sync { try start(exit: 13) }, 13))
        children.append(("a Swift task", try await Task.detached { try start(exit: 14) }.value, 14))
        children.append(("the main actor", try await MainActor.run { try start(exit: 15) }, 15))
        children.append(("a group", try start(exit: 16, in: children[0].pid), 16))
        for child in children { try await awaitCondition("\(child.pid) is dead") { state(of: child.pid) == "Z" } }
        // Whoever collects an orphan has seen the children, too.
        try await seeAnOrphanCollected()
        children.append(("a thread that ended meanwhile", try onThread { try start(exit: 17) }, 17))
        try await seeAnOrphanCollected()
        for child in children {
            var status: Int32 = 0
            let pid = waitpid(child.pid, &status, 0)
            print("\(child.way): \(pid == child.pid && status == child.code << 8 ? "collected" : "lost")")
        }
        print("system: \(system("exit 3") >> 8)")
    }

    /// Makes orphans until one is collected; those that are made while a thread ends are not.
    private func seeAnOrphanCollected() async throws {
        for _ in 0..<60 {
            try spawn(["/bin/sh", "-c", "sleep 0 & echo $! > orphan"], waits: true)
            let orphan = try pid_t(String(contentsOfFile: "orphan", encoding: .utf8).dropLast())!
            for _ in 0..<100 where state(of: orphan) != nil { try await Task.sleep(for: .milliseconds(10)) }
            if state(of: orphan) == nil { return }
        }
        throw Failure(description: "no orphan was collected")
    }

    private func onThread(_ body: @escaping @Sendable () throws -> pid_t) throws -> pid_t {
        final class Box: Sendable {
            let result = Mutex<Result<pid_t, any Error>?>(nil)
            let body: @Sendable () throws -> pid_t
            init(_ body: @escaping @Sendable () throws -> pid_t) { self.body = body }
        }
        let box = Box(body)
        var thread = pthread_t()
        let created = pthread_create(
            &thread,
            nil,
            { context in
                let box = Unmanaged<Box>.fromOpaque(context!).takeRetainedValue()
                box.result.withLock { $0 = Result { try box.body() } }
                return nil
            },
            Unmanaged.passRetained(box).toOpaque()
        )
        guard created == 0 else { throw Failure(description: "no thread") }
        pthread_join(thread, nil)
        return try box.result.withLock { try $0!.get() }
    }
}

/// Changes what belongs to its process.
struct ChangeSurroundings: FlowTask {
    @Parameter var directory: String

    func run() async throws {
        print("process \(getpid())")
        chdir(directory)
        setenv("CHANGED", "by a task", 1)
        setenv("ADDED", "by a task", 1)
        unsetenv("REMOVED")
        getenv("WRITTEN")!.pointee = CChar(UInt8(ascii: "X"))
        umask(0)
    }
}

/// Prints what belongs to its process.
struct ShowSurroundings: FlowTask {
    func run() async throws {
        print("process \(getpid())")
        let path = getcwd(nil, 0)!
        print("directory \(String(cString: path))")
        free(path)
        for name in ["CHANGED", "ADDED", "REMOVED", "WRITTEN"] {
            print("\(name) \(getenv(name).map { String(cString: $0) } ?? "unset")")
        }
        print("mask \(umask(0))")
    }
}

/// Says in which run it is, and removes that from its environment.
struct ForgetRunID: FlowTask {
    func run() async throws {
        print(metadata.runID)
        print(getenv("FLOWMANCER_RUN_ID").map { String(cString: $0) } ?? "unset")
        unsetenv("FLOWMANCER_RUN_ID")
    }
}

/// Returns while a Swift task that it started goes on, which logs when a file is there, and then makes another one.
struct LogLate: FlowTask {
    @Parameter var start: String
    @Parameter var done: String

    func run() async throws {
        print("process \(getpid())")
        Task {
            while access(start, F_OK) != 0 { usleep(1_000) }
            logger.error("too late")
            Logging.Logger(label: "library").error("too late as well")
            try writeMarker(done, "")
        }
    }
}

/// Lets a ``LogLate`` go on, and waits for it.
struct AwaitLate: FlowTask {
    @Parameter var start: String
    @Parameter var done: String

    func run() async throws {
        print("process \(getpid())")
        try writeMarker(start, "")
        try await awaitCondition("the line was logged") { access(done, F_OK) == 0 }
        logger.info("in time")
    }
}

/// Prints its process, and may leave a thread behind.
struct LeaveThread: FlowTask {
    enum Way: String, CaseIterable { case none, thread, joined, pool }

    @Parameter var way: Way

    func run() async throws {
        print("process \(getpid())")
        var thread = pthread_t()
        switch way {
        case .none: break
        case .thread: pthread_create(&thread, nil, { _ in while true { sleep(1_000) } }, nil)
        case .joined:
            pthread_create(&thread, nil, { _ in nil }, nil)
            pthread_join(thread, nil)
        case .pool:
            await withTaskGroup { group in
                for _ in 0..<8 { group.addTask { usleep(1_000) } }
            }
            try await Task.sleep(for: .milliseconds(1))
            DispatchQueue.global().sync {}
        }
    }
}

/// Throws an error with words of its own.
struct FailInWords: FlowTask {
    func run() async throws { throw Complaint() }
}

private struct Complaint: LocalizedError {
    var errorDescription: String? { "The disk is full." }
    var recoverySuggestion: String? { "Remove something." }
}

private func awaitCondition(_ what: String, _ condition: () throws -> Bool) async throws {
    for _ in 0..<6_000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw Failure(description: "waited in vain until \(what)")
}

/// How many dead children this process has that nobody has collected.
private func zombies() -> Int {
    guard let directory = opendir("/proc") else { return -1 }
    defer { closedir(directory) }
    var count = 0
    while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let pid = pid_t(name), let fields = status(of: pid) else { continue }
        if fields.first == "Z", fields.dropFirst().first == "\(getpid())" { count += 1 }
    }
    return count
}

private func state(of pid: pid_t) -> String? { status(of: pid)?.first }

/// The state of a process and what follows it, as of proc_pid_stat(5).
private func status(of pid: pid_t) -> [String]? {
    guard let file = fopen("/proc/\(pid)/stat", "r") else { return nil }
    defer { fclose(file) }
    var text = [UInt8](repeating: 0, count: 1_024)
    let count = fread(&text, 1, text.count, file)
    guard let end = text[..<count].lastIndex(of: UInt8(ascii: ")")) else { return nil }
    return text[(end + 1)..<count].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
}

/// Starts a process that ends at once with a code.
private func start(exit code: Int32, in group: pid_t? = nil) throws -> pid_t {
    var pid: pid_t = 0
    let words: [String] = ["/bin/sh", "-c", "exit \(code)"]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    if let group {
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, group)
    }
    guard posix_spawn(&pid, "/bin/sh", nil, &attributes, &arguments, environ) == 0 else {
        throw Failure(description: "cannot start a child")
    }
    return pid
}
