import Flowmancer
import Glibc

/// Does to its worker process what no task should.
struct Misbehave: FlowTask {
    enum Misdeed: String, CaseIterable {
        case closeAllDescriptors, closeSocket, shutDownSocket, replaceSocket, replaceProcess
        case sendGarbage, announceHugeMessage, reportForeignAttempt, sayHelloAgain, sendHalfMessage
    }

    @Parameter var misdeed: Misdeed
    /// Whether the task goes on after its misdeed, without end, instead of returning.
    @Parameter var stays = false

    func run() async throws {
        print("about to \(misdeed.rawValue)")
        fflush(nil)
        switch misdeed {
        case .closeAllDescriptors: for descriptor in Int32(0)..<1_024 { close(descriptor) }
        case .closeSocket: close(try engineSocket())
        case .shutDownSocket: shutdown(try engineSocket(), Int32(SHUT_WR))
        case .replaceSocket: dup2(open("/dev/null", O_RDWR), try engineSocket())
        case .replaceProcess:
            var arguments = [strdup("/bin/sleep"), strdup(stays ? "600" : "0"), nil]
            execv("/bin/sleep", &arguments)
        case .sendGarbage: try sendToEngine([5, 0, 0, 0] + Array("trash".utf8))
        case .announceHugeMessage: try sendToEngine([255, 255, 255, 255])
        case .reportForeignAttempt: try sendToEngine(frame([0x12, 5, 0x08, 0xff, 0x7f, 0x10, 1]))
        case .sayHelloAgain: try sendToEngine(frame([0x0a, 2, 0x08, 1]))
        case .sendHalfMessage: try sendToEngine([200, 0, 0, 0, 0x12])
        }
        while stays { sleep(1) }
    }
}

/// Reports its own success and then again the end of its attempt, as the first attempt of a run.
struct ReportTwice: FlowTask {
    func run() async throws {
        let report = frame([0x12, 4, 0x08, 1, 0x10, 1])
        try sendToEngine(report + report)
        while true { sleep(1) }
    }
}

/// Asks for a large value of the shared dictionary again and again, and never reads an answer.
struct AskWithoutListening: FlowTask {
    @Parameter var marker: String

    func run() async throws {
        try await sharedDict.set("large", to: String(repeating: "x", count: 1 << 20))
        let request = frame([0x22, 9, 0x08, 1, 0x12, 5] + Array("large".utf8))
        guard let file = fopen("requests", "w") else { throw Failure(description: "cannot write the requests") }
        for _ in 0..<1_000 { fwrite(request, 1, request.count, file) }
        fclose(file)
        // The whole process stands still, the thread that would listen included, while its child goes on asking.
        let script =
            "kill -STOP $PPID; echo asking > \(marker); while cat requests >&\(try openCopyOfSocket()); do :; done"
        try spawn(["/bin/sh", "-c", script], waits: true)
    }

    /// A copy that processes started from here inherit.
    private func openCopyOfSocket() throws -> Int32 { dup(try engineSocket()) }
}

/// Writes to the shared dictionary from many tasks at once.
struct FloodSharedDict: FlowTask {
    @Parameter var writes: Int
    @Parameter var size: Int
    @Parameter var keys = 10

    func run() async throws {
        let value = String(repeating: "x", count: size)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<writes {
                group.addTask { try await sharedDict.set("key \(number % keys)", to: value) }
            }
            try await group.waitForAll()
        }
        print("wrote \(writes)")
    }
}

/// Prints what every descriptor of its process is, and writes to all that are not its own.
struct TryDescriptors: FlowTask {
    func run() async throws {
        for descriptor in Int32(0)..<256 {
            var target = [UInt8](repeating: 0, count: 4_096)
            let count = readlink("/proc/self/fd/\(descriptor)", &target, target.count)
            guard count > 0 else { continue }
            print("descriptor \(descriptor): \(String(decoding: target[..<count], as: UTF8.self))")
            if descriptor == 0 || descriptor > 3 { writeAll(Array("garbage".utf8), to: descriptor) }
        }
    }
}

/// Leaves a child behind that has its standard output, and ends the process.
struct LeaveChildAndExit: FlowTask {
    @Parameter var marker: String

    func run() async throws {
        try spawn(["/usr/bin/setsid", "/bin/sh", "-c", "echo $$ > \(marker); exec sleep 600"], waits: false)
        while access(marker, F_OK) != 0 { usleep(1_000) }
        exit(3)
    }
}

/// Finds the socket to the engine among the descriptors of the process.
private func engineSocket() throws -> Int32 {
    for descriptor in Int32(3)..<256 {
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK { return descriptor }
    }
    throw Failure(description: "the process has no socket")
}

private func frame(_ message: [UInt8]) -> [UInt8] { [UInt8(message.count), 0, 0, 0] + message }

private func sendToEngine(_ bytes: [UInt8]) throws {
    writeAll(bytes, to: try engineSocket())
}
