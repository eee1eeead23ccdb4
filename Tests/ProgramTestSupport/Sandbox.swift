package import Foundation

/// A directory of its own in which a test runs the real programs.
package struct Sandbox {
    package let directory: URL
    /// The program that runs jobs here.
    private let program: String

    package init(program: String = "test-app") throws {
        self.program = program
        directory = FileManager.default.temporaryDirectory.appending(path: "flowmancer-e2e-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    }

    package func path(_ name: String) -> String { directory.appending(path: name).path }

    package func write(_ text: String, to name: String) throws {
        try text.write(toFile: path(name), atomically: true, encoding: .utf8)
    }

    package func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    package func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

    /// The lines of a task's log, of the newest run, without their time stamps.
    package func log(_ task: String) throws -> [String] {
        let text = try String(decoding: Data(contentsOf: URL(fileURLWithPath: logFile(task))), as: UTF8.self)
        return text.split(separator: "\n").map { line in
            line.firstIndex(of: "]").map { String(line[line.index($0, offsetBy: 2)...]) } ?? String(line)
        }
    }

    package func logFile(_ task: String) throws -> String {
        // Thrown rather than required: who waits for a log asks before there is one.
        struct NoRunHasLogged: Error {}
        guard let run = try FileManager.default.contentsOfDirectory(atPath: path("logs")).max()
        else { throw NoRunHasLogged() }
        return path("logs/\(run)/\(task).log")
    }

    package func remove() { try? FileManager.default.removeItem(at: directory) }
}

extension Sandbox {
    /// Runs the program on a job and waits for its end.
    @discardableResult
    package func run(_ yaml: String, _ arguments: String..., environment: [String: String] = [:]) throws -> Finished {
        try start(yaml, arguments, environment: environment).wait()
    }

    /// Starts the program on a job.
    package func start(_ yaml: String, _ arguments: [String], environment: [String: String] = [:]) throws -> Running {
        try write(yaml, to: "job.yaml")
        return try start(["-j", "job.yaml"] + arguments, environment: environment)
    }

    /// Starts a program, which is the one for jobs unless another is named.
    package func start(
        _ arguments: [String],
        program: String? = nil,
        environment: [String: String] = [:]
    ) throws -> Running {
        try Running(Products.path(program ?? self.program), arguments, in: directory, environment: environment)
    }
}
