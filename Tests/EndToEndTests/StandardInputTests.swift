import Foundation
import Testing

/// Jobs that come from the standard input.
@Suite(.ownThread) struct StandardInputTests {
    private static let job = """
        config: {name: piped}
        include: [base.yaml]
        tasks:
          a: {task: Print, parameters: {text: hello}}
          reader: {task: Shell, parameters: {command: "cat; echo done"}}
        """

    private func run(_ arguments: String..., input: String, in sandbox: Sandbox) throws -> Finished {
        let pipe = Pipe()
        let running = try Running(
            Products.path("test-app"),
            arguments,
            in: sandbox.directory,
            environment: [:],
            input: pipe
        )
        try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try pipe.fileHandleForWriting.close()
        return try running.wait()
    }

    private func sandbox() throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write("tasks: {included: {task: Print, parameters: {text: from-base}}}", to: "base.yaml")
        return sandbox
    }

    @Test func aJobRunsFromIt() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let result = try run("-j", "-", input: Self.job, in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a") == ["INFO - hello"])
        #expect(try sandbox.log("included") == ["INFO - from-base"])
        // Tasks read nothing of it, and do not wait for more.
        #expect(try sandbox.log("reader") == ["INFO - done"])
    }

    @Test func jsonIsAskedForByName() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let json = #"{"tasks": {"a": {"task": "Print", "parameters": {"text": "hello"}}}}"#
        #expect(try run("-j", "-", "--type", "json", input: json, in: sandbox).exitCode == 0)
        let result = try run("validate", "-", "--type", "json", input: "tasks: {}", in: sandbox)
        #expect(result.errors.hasPrefix("<standard input>:1:1: error: "))
    }

    @Test func allCommandsReadIt() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let valid = try run("validate", "-", input: Self.job, in: sandbox)
        #expect(valid.output == "<standard input>: valid, with 3 tasks\n")
        #expect(try run("plan", "-j", "-", input: Self.job, in: sandbox).output.contains("reader"))
        #expect(try run("graph", "-j", "-", input: Self.job, in: sandbox).output.contains("included"))
        let explained = try run("explain", "tasks.a.parameters.text", "-j", "-", input: Self.job, in: sandbox)
        #expect(explained.output == "tasks.a.parameters.text = \"hello\"\n  set at <standard input>:4:39\n")
        #expect(!sandbox.exists("logs"))
    }

    @Test func errorsSayWhere() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let result = try run("-j", "-", input: "tasks:\n  a: {task: Prnt}\n", in: sandbox)
        #expect(result.exitCode == 1)
        #expect(result.errors.hasPrefix("<standard input>:2:13: error: tasks.a.task: no task type is named 'Prnt'"))
        let empty = try run("validate", "-", input: "", in: sandbox)
        #expect(empty.errors.hasPrefix("<standard input>:1:1: error: the file is empty"))
        let closed = try Running(
            "/bin/sh",
            ["-c", "exec \(Products.path("test-app")) validate - <&-"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(closed.exitCode == 1)
        #expect(closed.errors.contains("<standard input>"), "\(closed.errors)")
    }

    /// What is printed after a failure can be pasted: it names the file, or refuses to run without one.
    @Test func theCommandThatResumesNeedsTheJobAgain() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              a: {task: Fail}
            loggers: {}
            extensions:
              tell: {extension: ResumeTeller, parameters: {target: told}}
            """
        try sandbox.write(job, to: "the job.yaml")
        let piped = try run("-j", "-", input: job, in: sandbox)
        #expect(piped.exitCode == 1)
        #expect(try sandbox.read("told").hasSuffix(" -j - -r < \"${JOB_FILE:?the file of the job}\"\n"))
        let file = try Running(
            "/bin/sh",
            ["-c", "exec \(Products.path("test-app")) -j - < 'the job.yaml'"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        let path = URL(fileURLWithPath: sandbox.path("the job.yaml")).resolvingSymlinksInPath().path
        #expect(file.exitCode == 1)
        #expect(try sandbox.read("told").hasSuffix(" -j - -r < '\(path)'\n"))
        // Pasted into a shell, it goes on.
        let told = try sandbox.read("told").split(separator: "\n").last.map(String.init) ?? ""
        let resumed = try Running("/bin/sh", ["-c", told], in: sandbox.directory, environment: [:]).wait()
        #expect(resumed.exitCode == 1)
        #expect(resumed.output.contains("a") && !resumed.errors.contains("error:"), "\(resumed.errors)")
    }
}
