import Foundation
import Testing

/// How the command line is read.
@Suite(.ownThread) struct CommandLineTests {
    private static let job = "config: {name: demo}\ntasks: {a: {task: Print, parameters: {text: hi}}}"

    /// Runs the test app in a directory that has a job.
    private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> (Finished, Sandbox) {
        let sandbox = try Sandbox()
        try sandbox.write(Self.job, to: "job.yaml")
        return (try sandbox.start(arguments, environment: environment).wait(), sandbox)
    }

    // MARK: The job file

    @Test(arguments: [["job.yaml"], ["run", "job.yaml"], ["-d", "job.yaml"], ["job.yaml", "--strict"]])
    func aRunTakesItsJobFileWithoutAnOption(arguments: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        let result = try sandbox.start(arguments).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a") == ["INFO - hi"])
    }

    @Test(arguments: ["plan job.yaml", "graph job.yaml", "explain tasks.a.task job.yaml", "validate job.yaml"])
    func soDoTheOtherCommands(command: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        let result = try sandbox.start(command.split(separator: " ").map(String.init)).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func twoJobFilesAreTooMany() throws {
        let (result, sandbox) = try run("other.yaml", "-j", "job.yaml")
        defer { sandbox.remove() }
        #expect(result.exitCode == 64)
        #expect(
            result.errors.hasPrefix(
                "Error: Two job files are given: 'job.yaml' with -j, and 'other.yaml'. Remove one.\n"
            )
        )
        #expect(!sandbox.exists("logs"))
    }

    /// A file may be called like a command, but a command is the first word.
    @Test func aCommandThatComesLateIsSaidToComeFirst() throws {
        let (result, sandbox) = try run("-j", "job.yaml", "plan")
        defer { sandbox.remove() }
        #expect(result.exitCode == 64)
        #expect(result.errors.hasPrefix("Error: A command is the first word: test-app plan -j job.yaml\n"))
    }

    @Test func aRunCanBeResumedAfterItsFileWasGivenWithoutAnOption() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: Fail}}", to: "job.yaml")
        #expect(try sandbox.start(["job.yaml"]).wait().exitCode == 1)
        let restarted = try sandbox.start(["job.yaml", "-r"]).wait()
        #expect(restarted.output.contains("failed, run again: a\n"))
    }

    @Test func aJobFileBeforeAPathIsSaidToComeLast() throws {
        let (result, sandbox) = try run("explain", "job.yaml", "tasks.a.task")
        defer { sandbox.remove() }
        #expect(result.exitCode == 1)
        #expect(result.errors == "error: the path comes before the job file: explain tasks.a.task job.yaml\n")
    }

    // MARK: Misspelled commands

    @Test(
        arguments: [
            (["valdate", "job.yaml"], "named 'valdate'. Did you mean the command 'validate'?\n"),
            (["plna", "-j", "job.yaml", "--json"], "named 'plna'. Did you mean the command 'plan'?\n"),
            (["Validate"], "named 'Validate'. Did you mean the command 'validate'?\n"),
            (["status"], "named 'status'. The commands are: run, validate, plan, "),
        ]
    )
    func aMisspelledCommandGetsASuggestion(arguments: [String], text: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        let result = try sandbox.start(arguments).wait()
        #expect(result.exitCode == 64)
        #expect(result.errors.hasPrefix("Error: No command and no job file is \(text)"), "\(result.errors)")
        #expect(result.output.isEmpty)
    }

    @Test func aFileThatIsCalledNearlyLikeACommandIsAFile() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "plans")
        #expect(try sandbox.start(["plans"]).wait().exitCode == 0)
    }

    @Test func aPathThatDoesNotExistIsAMissingFile() throws {
        let (result, sandbox) = try run("jobs/other.yaml")
        defer { sandbox.remove() }
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("cannot read jobs/other.yaml"))
    }

    // MARK: Version, default job file, app root

    @Test func theVersionsOfProgramAndLibraryAreTold() throws {
        let (own, first) = try run("--version", environment: ["TEST_APP_VERSION": "1.2.3"])
        defer { first.remove() }
        #expect(own.exitCode == 0)
        #expect(own.output.wholeMatch(of: /test-app 1\.2\.3 \(Flowmancer \d+\.\d+\.\d+(-dev)?\)\n/) != nil)
        let (without, second) = try run("run", "--version")
        defer { second.remove() }
        #expect(without.output.wholeMatch(of: /test-app \(Flowmancer \d+\.\d+\.\d+(-dev)?\)\n/) != nil)
    }

    @Test func helpShowsTheDefaultJobFile() throws {
        for arguments in [["--help"], ["help", "run"], ["plan", "--help"]] {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            let result = try sandbox.start(arguments, environment: ["TEST_APP_DEFAULT_JOB": "nightly.yaml"]).wait()
            #expect(result.output.contains("nightly.yaml"), "\(arguments): \(result.output)")
        }
    }

    @Test func theDefaultJobFileIsInTheAppRoot() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("root"), withIntermediateDirectories: false)
        try sandbox.write(Self.job, to: "root/job.yaml")
        let environment = ["TEST_APP_DEFAULT_JOB": "job.yaml"]
        for arguments in [
            ["--app-root", "root"], ["validate", "--app-root", "root"], ["graph", "--app-root", "root"],
        ] {
            let result = try sandbox.start(arguments, environment: environment).wait()
            #expect(result.exitCode == 0, "\(arguments): \(result.errors)")
        }
        let named = environment.merging(["FLOWMANCER_APP_ROOT": "root"]) { $1 }
        #expect(try sandbox.start(["plan"], environment: named).wait().exitCode == 0)

        let missing = try sandbox.start(["--app-root", "."], environment: environment).wait()
        #expect(missing.exitCode == 1)
        let directory = try #require(realpath(sandbox.directory.path, nil))
        defer { free(directory) }
        let text =
            "the job file job.yaml, this program's default, is not in the app root \(String(cString: directory)): "
        #expect(missing.errors.hasPrefix("error: \(text)No such file or directory; name another"), "\(missing.errors)")
    }

    @Test func aFileOfTheAppRootIsNotInTheWorkingDirectory() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("root"), withIntermediateDirectories: false)
        try sandbox.write(Self.job, to: "root/job.yaml")
        let result = try sandbox.start(["-j", "job.yaml", "--app-root", "root"]).wait()
        #expect(result.exitCode == 1)
        let text = "error: the job file job.yaml does not exist in the working directory, where its path starts; "
        #expect(result.errors.hasPrefix(text), "\(result.errors)")
        #expect(result.errors.contains("root, write -j /") && result.errors.hasSuffix("/root/job.yaml\n"))
    }
}
