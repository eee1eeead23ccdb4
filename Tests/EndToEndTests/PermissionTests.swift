import Foundation
import Testing

/// What a run writes: where, and for whom to see.
@Suite(.ownThread) struct PermissionTests {
    private func mode(_ path: String) throws -> Int {
        try #require(FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
    }

    @Test(arguments: ["022", "000", "077"])
    func checkpointsArePrivateWhateverTheUmask(umask: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            "tasks: {a: {task: HoldSecret, parameters: {marker: here, token: t}}, b: {task: Fail}}",
            to: "job.yaml"
        )
        let command = "umask \(umask); exec \(Products.path("test-app")) -j job.yaml"
        let running = try Running("/bin/sh", ["-c", command], in: sandbox.directory, environment: [:])
        #expect(waitUntil { sandbox.exists("here") })
        #expect(try mode(sandbox.path(".flowmancer")) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(atPath: sandbox.path(".flowmancer")).sorted()
        #expect(files == ["flowmancer.checkpoint", "flowmancer.lock", "runs"])
        #expect(try mode(sandbox.path(".flowmancer/runs")) == 0o700)
        for file in files where file != "runs" { #expect(try mode(sandbox.path(".flowmancer/\(file)")) == 0o600) }
        // Logs are for whom the umask lets see them.
        #expect(waitUntil { (try? sandbox.logFile("a")).map(FileManager.default.fileExists) == true })
        #expect(try mode(sandbox.logFile("a")) == 0o666 & ~(try #require(Int(umask, radix: 8))))
        try sandbox.write("", to: "here.end")
        #expect(try running.wait().exitCode == 1)
        #expect(try mode(sandbox.path(".flowmancer/flowmancer.checkpoint")) == 0o600)
    }

    @Test(arguments: [
        ("''", "a task needs a name"), ("/tmp/x", "absolute path"), ("'../x'", "leave the directory"),
        ("..", "leave the directory"), ("a/../../x", "leave the directory"), (#""a\0b""#, "control characters"),
        (#""a\nb""#, "control characters"), (#""a\u001b[2Jb""#, "control characters"),
    ])
    func aTaskNameThatLeadsElsewhereIsRefused(name: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {\(name): {task: NoOp}}")
        #expect(result.exitCode == 1)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!sandbox.exists("logs") && !sandbox.exists(".flowmancer"))
    }

    @Test func everyNameStaysInItsDirectory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let long = String(repeating: "long/", count: 100)
        let names = [".", "...", "a/b", "a//b", ".hidden", "%2e%2e%2fx", #"a\..\b"#, "~", "$HOME", "-rf", long]
        let tasks = names.map { "  '\($0)': {task: Fail}" }.joined(separator: "\n")
        for job in ["../up", "/tmp/flowmancer-abs", "..", ".", "a/b", #"x\ny"#, #"x\0y"#, long] {
            let result = try sandbox.run("config: {name: \"\(job)\"}\ntasks:\n\(tasks)")
            #expect(result.exitCode == Int32(names.count), "\(job): \(result.errors)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path(".flowmancer")).count == 9)
        #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.path(".flowmancer/runs")).count == 8)
        for run in try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs")) {
            let logs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs/\(run)"))
            #expect(logs.count == names.count + 1)
            #expect(logs.allSatisfy { $0.hasSuffix(".log") || $0 == ".flowmancer-run" })
        }
        let entries = try FileManager.default.contentsOfDirectory(atPath: sandbox.directory.path)
        #expect(Set(entries.filter { !$0.hasPrefix("std") }) == ["job.yaml", "logs", ".flowmancer"])
        #expect(!FileManager.default.fileExists(atPath: "/tmp/flowmancer-abs.checkpoint"))
    }

    @Test func plantedLinksAreNotWrittenThrough() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("precious", to: "victim")
        try FileManager.default.createDirectory(atPath: sandbox.path(".flowmancer"), withIntermediateDirectories: false)
        let lock = sandbox.path(".flowmancer/flowmancer.lock")
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: sandbox.path("victim"))
        #expect(try sandbox.run("tasks: {a: {task: Fail}}").exitCode == 99)
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.linkItem(atPath: sandbox.path("victim"), toPath: lock)
        #expect(try sandbox.run("tasks: {a: {task: Fail}}").exitCode == 99)
        try FileManager.default.removeItem(atPath: lock)
        let checkpoint = sandbox.path(".flowmancer/flowmancer.checkpoint")
        try FileManager.default.createSymbolicLink(atPath: checkpoint, withDestinationPath: sandbox.path("victim"))
        #expect(try sandbox.run("tasks: {a: {task: Fail}}").exitCode == 1)
        #expect(try sandbox.read("victim") == "precious")
    }

    @Test func aDirectoryWithANulIsAClearError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let plugin = #"checkpointer: {checkpointer: FileCheckpointer, parameters: {checkpoint_dir: "cut\0off"}}"#
        #expect(try sandbox.run("tasks: {a: {task: NoOp}}\n\(plugin)").exitCode == 99)
        let logger = #"loggers: {l: {logger: FileLogger, parameters: {base_log_dir: "cut\0off"}}}"#
        let result = try sandbox.run("tasks: {a: {task: NoOp}}\n\(logger)")
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("loggers.l failed"))
        #expect(!sandbox.exists("cut"))
    }
}
