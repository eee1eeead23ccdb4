import Foundation
import Testing

/// A directory of its own in which a test runs the real programs.
struct Sandbox {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// The lines of a task's log, of the newest run, without their time stamps.
    func log(_ task: String) throws -> [String] {
        let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: logFile(task))), as: UTF8.self)
        return text.split(separator: "\n").map { line in
            line.firstIndex(of: "]").map { String(line[line.index($0, offsetBy: 2)...]) } ?? String(line)
        }
    }

    func logFile(_ task: String) throws -> String {
        // Thrown rather than required: who waits for a log asks before there is one.
        struct NoRunHasLogged: Error {}
        guard let run = try FileManager.default.contentsOfDirectory(atPath: path("logs")).max()
        else { throw NoRunHasLogged() }
        return path("logs/\(run)/\(task).log")
    }

    func remove() { try? FileManager.default.removeItem(at: directory) }
}

extension Sandbox {
    /// Runs the test app on a job and waits for its end.
    @discardableResult
    func run(_ yaml: String, _ arguments: String..., environment: [String: String] = [:]) throws -> Finished {
        try write(yaml, to: "job.yaml")
        return try start(["-j", "job.yaml"] + arguments, environment: environment).wait()
    }

    /// Starts a program in the sandbox.
    func start(
        _ arguments: [String],
        program: String = "test-app",
        environment: [String: String] = [:]
    ) throws -> Running {
        try Running(Products.path(program), arguments, in: directory, environment: environment)
    }
}

/// What a program left.
struct Finished {
    var exitCode: Int32
    var output: String
    var errors: String
}

/// A program that is under way. Its output goes to files, so that no pipe can fill up.
final class Running {
    let process = Process()
    private let output: URL
    private let errors: URL

    init(
        _ program: String,
        _ arguments: [String],
        in directory: URL,
        environment: [String: String],
        input: Pipe? = nil
    ) throws {
        let id = UUID().uuidString
        output = directory.appending(path: "stdout-\(id)")
        errors = directory.appending(path: "stderr-\(id)")
        for file in [output, errors] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = input ?? FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    var pid: Int32 { process.processIdentifier }

    /// What it has printed until now.
    var outputSoFar: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// What it has printed to its error stream until now.
    var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) { kill(pid, number) }

    /// Sends a signal after one that was seen to have an effect; what follows faster than that counts as the same one.
    func signalAgain(_ number: Int32) {
        usleep(150_000)
        signal(number)
    }

    /// Waits for the end; a program that does not end is a failure, and is killed.
    ///
    /// - Parameter limit: Generous, in seconds: only a hang reaches it.
    func wait(limit: TimeInterval = 120) throws -> Finished {
        if !waitUntil({ !self.process.isRunning }, limit: limit) {
            Issue.record("the program did not end")
            signal(SIGKILL)
        }
        process.waitUntilExit()
        return Finished(
            exitCode: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}

/// Looks again and again until something is so; gives up only after a limit that no healthy run reaches.
@discardableResult
func waitUntil(_ condition: () -> Bool, limit: TimeInterval = 60) -> Bool {
    let deadline = Date().addingTimeInterval(limit)
    while !condition() {
        if Date() > deadline { return false }
        usleep(2_000)
    }
    return true
}

/// Whether a process lives; one that is dead but not yet waited for does not.
func isAlive(_ pid: Int32) -> Bool {
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
        let end = stat.lastIndex(of: ")")
    else { return false }
    return !stat[end...].dropFirst(2).hasPrefix("Z")
}

/// The programs that were built along with the tests.
enum Products {
    static func path(_ name: String) -> String { directory.appending(path: name).path }

    /// Whether the programs say which fault points they pass, to the file that `FLOWMANCER_FAULT_TRACE` names.
    static var haveFaultPoints: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    private static let directory: URL = {
        let candidates =
            CommandLine.arguments + [
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            ]
        for candidate in candidates where candidate.contains(".xctest") {
            let bundle = candidate.components(separatedBy: ".xctest")[0]
            return URL(fileURLWithPath: bundle).deletingLastPathComponent()
        }
        fatalError("the directory of the built programs is unknown: \(candidates)")
    }()
}
