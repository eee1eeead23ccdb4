import Flowmancer
import Glibc
import Logging

/// Writes a number of bytes to standard output.
struct Flood: FlowTask {
    @Parameter var lines: Int
    @Parameter var lineLength: Int

    func run() async throws {
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: lineLength) + [UInt8(ascii: "\n")]
        for _ in 0..<lines { writeAll(line, to: 1) }
    }
}

/// Writes bytes that are not UTF-8, and no line feed at the end.
struct WriteBinary: FlowTask {
    func run() async throws { writeAll([0x41, 0xff, 0xfe, 0x00, 0x42, 0x0a] + Array("no newline".utf8), to: 1) }
}

/// Prints to both streams in turn, and logs between.
struct PrintToBoth: FlowTask {
    func run() async throws {
        for number in 1...20 {
            print("out \(number)")
            writeAll(Array("err \(number)\n".utf8), to: 2)
            logger.warning("log \(number)")
        }
    }
}

/// Prints a line that replaces itself, and goes on when it was seen.
struct PrintProgress: FlowTask {
    @Parameter var text: String
    @Parameter var signal: String

    func run() async throws {
        writeAll(Array(text.utf8), to: 1)
        while access(signal, F_OK) != 0 { usleep(10_000) }
        writeAll(Array("\r100%\r\n".utf8), to: 1)
    }
}

/// Moves its process to another directory, and leaves it there.
struct LeaveAppRoot: FlowTask {
    func run() async throws { _ = chdir("/tmp") }
}

/// Prints several values in one call.
struct PrintSeveral: FlowTask {
    func run() async throws { print("a", "b", 3) }
}

/// Prints a line, and another one when the clock shows another microsecond.
struct PrintApart: FlowTask {
    func run() async throws {
        print("first")
        usleep(20_000)
        print("second")
    }
}

/// Lets a child process write to both streams.
struct RunChild: FlowTask {
    @Parameter var script: String

    func run() async throws {
        let status = try spawn(["/bin/sh", "-c", script], waits: true)
        print("child ended with \(status)")
    }
}

/// Leaves processes behind that want to live on: one in a session of its own.
struct LeaveChildren: FlowTask {
    @Parameter var marker: String

    func run() async throws { try leaveChildren(marker) }
}

/// The same, and then stays.
struct LeaveChildrenAndStay: FlowTask {
    @Parameter var marker: String

    func run() async throws {
        try leaveChildren(marker)
        try writeMarker(marker + ".ready", "\(getpid())")
        try await Task.sleep(for: .seconds(600))
    }
}

/// Starts two processes and returns once both have written their numbers.
private func leaveChildren(_ marker: String) throws {
    try spawn(["/bin/sh", "-c", "echo $$ >> \(marker); exec sleep 600"], waits: false)
    try spawn(["/usr/bin/setsid", "/bin/sh", "-c", "echo $$ >> \(marker); trap '' TERM; exec sleep 600"], waits: false)
    while lineCount(marker) < 2 { usleep(1_000) }
}

private func lineCount(_ path: String) -> Int {
    guard let file = fopen(path, "r") else { return 0 }
    defer { fclose(file) }
    var count = 0
    while case let character = getc(file), character != EOF { if character == 10 { count += 1 } }
    return count
}

/// Prints and logs in turns.
struct LogInTurns: FlowTask {
    func run() async throws {
        logger.warning("begins")
        for number in 1...20 {
            print("printed \(number)")
            logger.warning("logged \(number)", metadata: ["number": "\(number)"])
        }
        Logging.Logger(label: "library").error("from a library")
        logger.debug("a detail")
        Logging.Logger(label: "library").debug("a detail of a library")
        print("ends")
    }
}

/// Prints and logs in turns after something became of standard output.
struct LogElsewhere: FlowTask {
    @Parameter var way: String

    func run() async throws {
        print("before")
        fflush(nil)
        switch way {
        case "file": dup2(open("printed.txt", O_WRONLY | O_CREAT | O_TRUNC, 0o600), 1)
        case "closed": close(1)
        case "nonblocking": _ = fcntl(1, F_SETFL, O_NONBLOCK)
        default: break
        }
        for number in 1...3 {
            print("printed \(number)", terminator: way == "partial" ? "" : "\n")
            logger.warning("logged \(number)")
        }
    }
}

func writeAll(_ bytes: [UInt8], to descriptor: Int32) {
    var written = 0
    while written < bytes.count {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + written, bytes.count - written) }
        if count < 0 { return }
        written += count
    }
}

@discardableResult
func spawn(_ command: [String], waits: Bool) throws -> Int32 {
    var pid: pid_t = 0
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    guard posix_spawn(&pid, command[0], nil, nil, &arguments, environ) == 0 else {
        throw Failure(description: "cannot start \(command[0])")
    }
    var status: Int32 = 0
    if waits { waitpid(pid, &status, 0) }
    return status
}
