import Foundation
import Testing

/// `extension_directories` and `extension_packages` have to be part of the program.
@Suite(.ownThread) struct ExtensionTests {
    private func validate(_ config: String, files: [String: String] = [:]) throws -> Finished {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        for (name, text) in files {
            let directory = URL(fileURLWithPath: sandbox.path(name)).deletingLastPathComponent()
            try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
            try sandbox.write(text, to: name)
        }
        try sandbox.write("config: {\(config)}\ntasks: {a: {task: NoOp}}", to: "job.yaml")
        return try sandbox.start(["validate", "job.yaml"]).wait()
    }

    @Test(arguments: ["test_app", "test-app", "FlowmancerPlugins"])
    func aModuleOfTheProgramIsFine(name: String) throws {
        let result = try validate("extension_packages: [\(name)]")
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func aModuleThatIsNotLinkedIsAnErrorThatSaysWhatToAdd() throws {
        let result = try validate("extension_packages: [test-app, my-company-tasks]")
        #expect(result.exitCode == 1)
        #expect(
            result.errors.hasPrefix("job.yaml:1:41: error: config.extension_packages[1]: no module 'my-company-tasks'")
        )
        #expect(result.errors.contains(#".product(name: "my-company-tasks", package: "…")"#))
        #expect(result.errors.contains("a Python package has to be ported"))
    }

    @Test func whatIsDeclaredInADirectoryMustBePartOfTheProgram() throws {
        let files = [
            "tasks/Known.swift": "struct NoOp: FlowTask {}\nactor RecordingLogger: FlowLogger {}",
            "tasks/deep/New.swift": "\n/* struct Old: FlowTask */ struct Fresh:\n    FlowTask {}",
            "tasks/.build/Hidden.swift": "struct Hidden: FlowTask {}",
        ]
        let result = try validate("extension_directories: [./tasks/]", files: files)
        #expect(result.exitCode == 1)
        #expect(
            result.errors.hasPrefix("job.yaml:1:34: error: config.extension_directories[0]: the task type 'Fresh' in ")
        )
        #expect(result.errors.contains("in ./tasks/deep/New.swift:2 is not part of this program"))
        #expect(result.errors.contains("path:") && result.errors.contains("sources:"))
        #expect(result.errors.split(separator: "\n").count == 1)
    }

    @Test func theSourcesOfTheProgramItselfAreFine() throws {
        let sources = Packages.root.appending(path: "Tests/TestApp").path
        let result = try validate("extension_directories: [\(sources)]")
        #expect(result.exitCode == 0, "\(result.errors)")
        // But for the one that no job can find.
        let others = result.errors.split(separator: "\n").filter { !$0.contains("the task type 'Inheriting'") }
        #expect(others.isEmpty, "\(result.errors)")
    }

    @Test(
        arguments: [
            ("nowhere", [:], 1, "does not exist"), ("file", ["file": "x"], 1, "is a file"),
            ("python", ["python/a.py": "class A(Task): pass"], 0, "port each class to a Swift type"),
            ("other", ["other/a.txt": "x"], 0, "has no Swift files"),
        ] as [(String, [String: String], Int32, String)]
    )
    func otherDirectoriesGetAHint(name: String, files: [String: String], exitCode: Int32, message: String) throws {
        let result = try validate("extension_directories: [\(name)]", files: files)
        #expect(result.exitCode == exitCode)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func aRunIsRefusedToo() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("config: {extension_packages: [nope]}\ntasks: {a: {task: NoOp}}")
        #expect(result.exitCode == 1)
        #expect(!sandbox.exists("logs"))
    }
}
