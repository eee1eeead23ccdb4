import Foundation
import Testing

/// A directory of its own in which a test runs the program with the optional products.
struct Workplace {
    let directory: URL

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-plugins-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    func path(_ name: String) -> String { directory.appending(path: name).path }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    func remove() { try? FileManager.default.removeItem(at: directory) }

    /// Runs the program on a job and waits for its end.
    func run(_ yaml: String, _ arguments: String..., environment: [String: String] = [:]) throws -> Finished {
        try start(yaml, arguments, environment).wait()
    }

    /// Starts the program on a job.
    func start(_ yaml: String, _ arguments: [String], _ environment: [String: String] = [:]) throws -> Program {
        try yaml.write(toFile: path("job.yaml"), atomically: true, encoding: .utf8)
        let command = Products.path("plugin-app")
        return try Program(command, ["-j", "job.yaml"] + arguments, in: directory, environment: environment)
    }
}

/// What a program left.
struct Finished {
    var exitCode: Int32
    var output: String
    var errors: String
}

/// A program that is under way. Its output goes to files, so that no pipe can fill up.
final class Program {
    let process = Process()
    /// What the program reads.
    private let input = Pipe()
    private let output: URL
    private let errors: URL

    init(_ program: String, _ arguments: [String], in directory: URL, environment: [String: String] = [:]) throws {
        let id = UUID().uuidString
        output = directory.appending(path: "stdout-\(id)")
        errors = directory.appending(path: "stderr-\(id)")
        for file in [output, errors] { try Data().write(to: file) }
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = directory
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, new in new }
        process.standardInput = input
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    var outputSoFar: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }
    var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// Closes the program's input.
    func endInput() { try? input.fileHandleForWriting.close() }

    /// Waits for the end; a program that does not end is a failure, and is killed.
    func wait() throws -> Finished {
        if !waitUntil({ !self.process.isRunning }, limit: 120) {
            Issue.record("the program did not end")
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        return Finished(exitCode: process.terminationStatus, output: outputSoFar, errors: errorsSoFar)
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

/// The programs that were built along with the tests.
private enum Products {
    static func path(_ name: String) -> String { directory.appending(path: name).path }

    private static let directory: URL = {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        for candidate in CommandLine.arguments + [own] where candidate.contains(".xctest") {
            return URL(fileURLWithPath: candidate.components(separatedBy: ".xctest")[0]).deletingLastPathComponent()
        }
        preconditionFailure("the directory of the built programs is unknown")
    }()
}
