package import Foundation
import TestSupport

/// What a program left.
package struct Finished: Sendable {
    package var exitCode: Int32
    package var output: String
    package var errors: String
}

/// A program that is under way. Its output goes to files, so that no pipe can fill up.
package final class Running {
    package let process = Process()
    private let output: URL
    private let errors: URL

    package init(
        _ program: String,
        _ arguments: [String],
        in directory: URL,
        environment: [String: String] = [:],
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

    package var pid: Int32 { process.processIdentifier }

    /// What it has printed until now.
    package var outputSoFar: String { (try? String(contentsOf: output, encoding: .utf8)) ?? "" }

    /// What it has printed to its error stream until now.
    package var errorsSoFar: String { (try? String(contentsOf: errors, encoding: .utf8)) ?? "" }

    /// The paths of the files that it has open.
    package var openFiles: [String] {
        let directory = "/proc/\(pid)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/\($0)") }
    }

    package func signal(_ number: Int32) { kill(pid, number) }

    /// Sends a signal after one that was seen to have an effect; what follows faster than that counts as the same one.
    package func signalAgain(_ number: Int32) {
        usleep(150_000)
        signal(number)
    }

    /// Waits for the end; a program that does not end is killed, and that is an error.
    ///
    /// - Parameter limit: Generous, in seconds: only a hang reaches it.
    package func wait(limit: TimeInterval = 300) throws -> Finished {
        let hasEnded = waitUntil({ !self.process.isRunning }, limit: limit)
        if !hasEnded { signal(SIGKILL) }
        process.waitUntilExit()
        guard hasEnded else { throw SetupError(text: "the program did not end: \(outputSoFar)\(errorsSoFar)") }
        return Finished(
            exitCode: process.terminationStatus,
            output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        )
    }
}
