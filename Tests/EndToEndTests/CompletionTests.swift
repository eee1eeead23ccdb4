import Foundation
import Testing

/// What real shells offer when a command line is to be completed.
@Suite(.ownThread) struct CompletionTests {
    private static let job = """
        config: {name: demo}
        tasks:
          load: {task: Print, parameters: {text: hi}}
          "load it's $(touch harm)": {task: NoOp}
          store:
            task: NoOp
            dependencies: [load]
            for_each: [1, 2]
            backoff: $VAR{pause}
        """

    /// A directory with a job, another file, and the completion script of a shell.
    private func sandbox(for shell: String) throws -> Sandbox {
        let sandbox = try Sandbox()
        try sandbox.write(Self.job, to: "job.yaml")
        try sandbox.write("", to: "notes.txt")
        let script = try sandbox.start(["--generate-completion-script", shell]).wait()
        #expect(script.exitCode == 0)
        try sandbox.write(script.output, to: "script")
        return sandbox
    }

    /// What Bash offers for the last of some words.
    private func bash(_ words: String..., environment: [String: String] = [:]) throws -> [String] {
        let sandbox = try sandbox(for: "bash")
        defer { sandbox.remove() }
        // As readline does: the words as typed, the line, and where the cursor is in it.
        let typed = ["test-app"] + words
        try sandbox.write(
            """
            source ./script
            COMP_WORDS=(\(typed.map { "'\($0)'" }.joined(separator: " ")))
            COMP_CWORD=\(words.count)
            COMP_LINE='\(typed.joined(separator: " "))'
            COMP_POINT=${#COMP_LINE}
            PATH='\(URL(fileURLWithPath: Products.path("test-app")).deletingLastPathComponent().path)':$PATH
            _test-app test-app '\(typed.last ?? "")' '\(typed[typed.count - 2])'
            printf '%s\\n' "${COMPREPLY[@]}"
            """,
            to: "ask"
        )
        let result = try Running("/bin/bash", ["ask"], in: sandbox.directory, environment: environment).wait()
        #expect(result.errors.isEmpty, "\(result.errors)")
        // The names of tasks are text to a shell, whatever they look like.
        #expect(!sandbox.exists("harm"))
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test func theOptionsOfARunAreOfferedWithoutTheWordRun() throws {
        let options = try bash("-")
        for option in ["-j", "--jobdef", "-r", "--skip", "--max-concurrency", "--version", "--help"] {
            #expect(options.contains(option), "\(options)")
        }
        #expect(try bash("").contains("validate"))
        #expect(try bash("val") == ["validate"])
        #expect(try bash("-j", "") == ["job.yaml"])
        #expect(try bash("run", "-").contains("--skip"))
        #expect(!(try bash("schema", "-").contains("--skip")))
    }

    @Test(arguments: ["--skip", "--run-to", "--run-from", "--force"]) func tasksAreOffered(option: String) throws {
        let stores = ["store", "store[1]", "store[2]"]
        let all = ["load", "load it's $(touch harm)"] + stores
        #expect(try bash("-j", "job.yaml", option, "") == all)
        #expect(try bash("job.yaml", option, "st") == stores)
        #expect(try bash("run", "--jobdef", "=", "job.yaml", option, "s") == stores)
        #expect(try bash("plan", "-j", "\"job.yaml\"", "--var", "pause", "=", "1", option, "s") == stores)
        #expect(try bash(option, "", environment: ["TEST_APP_DEFAULT_JOB": "job.yaml"]) == all)
        #expect(try bash("-j", "no.yaml", option, "").isEmpty)
    }

    private func paths(_ prefix: String) throws -> [String] {
        try bash("explain", "-j", "job.yaml", prefix)
    }

    @Test func pathsOfTheJobAreOffered() throws {
        #expect(try paths("ta") == ["tasks.load", "tasks.\"load it's $(touch harm)\"", "tasks.store"])
        #expect(try paths("tasks.load.param") == ["tasks.load.parameters.text"])
        #expect(try paths("tasks.store.dep") == ["tasks.store.dependencies[0]"])
        #expect(try paths("config.max") == ["config.max_concurrency", "config.max_failures"])
        #expect(try paths("loggers.").contains("loggers.file-logger.logger"))
        #expect(try paths("nope.").isEmpty)
    }
}
