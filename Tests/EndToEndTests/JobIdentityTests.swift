import Foundation
import Testing

/// Jobs of one name in several files, and one job in a file that moves.
@Suite(.ownThread) struct JobIdentityTests {
    private let sandbox: Sandbox

    init() throws {
        sandbox = try Sandbox()
        try sandbox.write(
            """
            tasks:
              prepare: {task: Increment}
              publish: {task: RequireFile, dependencies: [prepare], parameters: {path: gate}}
            """,
            to: "a.yaml"
        )
        try sandbox.write(
            """
            tasks:
              prepare: {task: Shell, parameters: {command: touch prepared}}
              publish: {task: Shell, dependencies: [prepare], parameters: {command: touch published}}
            """,
            to: "b.yaml"
        )
    }

    private func run(_ arguments: String...) throws -> Finished { try sandbox.start(arguments).wait() }

    private var checkpoint: Data {
        get throws { try Data(contentsOf: URL(filePath: sandbox.path(".flowmancer/flowmancer.checkpoint"))) }
    }

    @Test func theCheckpointOfAnotherFileIsRefusedWithAdvice() throws {
        defer { sandbox.remove() }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        let before = try checkpoint
        let expected =
            "error: the checkpoint of the job 'flowmancer' belongs to another job file, \(sandbox.path("a.yaml")); "
            + "no task was run. Set 'config.name' to a different name in each file. "
            + "To continue the other job, run -j \(sandbox.path("a.yaml")) -r. "
            + "To use its checkpoint for this file, add --adopt-checkpoint; to remove it, add --discard-checkpoint"
        for arguments in [
            ["-j", "b.yaml", "-r"], ["plan", "-j", "b.yaml", "-r"], ["plan", "-j", "b.yaml", "-r", "--json"],
        ] {
            let result = try sandbox.start(arguments).wait()
            #expect(result.exitCode == 99)
            #expect(result.errors.contains(expected), "\(result.errors)")
            #expect(!result.output.contains("kept"))
        }
        #expect(try checkpoint == before)
        #expect(!sandbox.exists("published"))
        // The advice holds.
        try sandbox.write("", to: "gate")
        let own = try run("-j", "a.yaml", "-r")
        #expect(own.exitCode == 0)
        #expect(own.output.contains("done, kept: prepare"))
        #expect(!own.output.contains("belongs") && !own.errors.contains("belongs"))
    }

    /// Where no file can be compared, the tasks tell.
    @Test func anotherJobIsRefusedThoughItsFileIsGoneOrNeverWas() throws {
        defer { sandbox.remove() }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        let words = "another job, of \(sandbox.path("a.yaml")): no completed task is defined as in this one"
        let input = try piped(sandbox.read("b.yaml"))
        #expect(input.exitCode == 99)
        #expect(input.errors.contains(words), "\(input.errors)")
        try FileManager.default.removeItem(atPath: sandbox.path("a.yaml"))
        let gone = try run("-j", "b.yaml", "-r")
        #expect(gone.exitCode == 99)
        #expect(gone.errors.contains(words), "\(gone.errors)")
        #expect(try run("plan", "-j", "b.yaml", "-r").exitCode == 99)
        #expect(!sandbox.exists("published"))
    }

    /// A name that both files give is the same mistake.
    @Test func aNameDoesNotTellTwoFilesApart() throws {
        defer { sandbox.remove() }
        for file in ["a.yaml", "b.yaml"] { try sandbox.write("config: {name: n}\n" + sandbox.read(file), to: file) }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        let refused = try run("-j", "b.yaml", "-r")
        #expect(refused.exitCode == 99)
        #expect(
            refused.errors.contains("the checkpoint of the job 'n' belongs to another job file"),
            "\(refused.errors)"
        )
    }

    @Test func anotherFilesCheckpointIsUsedOnRequest() throws {
        defer { sandbox.remove() }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        let plan = try run("plan", "-j", "b.yaml", "-r", "--adopt-checkpoint")
        #expect(plan.exitCode == 0)
        #expect(plan.output.contains("done, kept although the definition changed"))
        let adopted = try run("-j", "b.yaml", "-r", "--adopt-checkpoint")
        #expect(adopted.exitCode == 0)
        let words = "written for another job file, \(sandbox.path("a.yaml")). It is used because of"
        #expect(adopted.output.contains(words))
        #expect(!sandbox.exists("prepared") && sandbox.exists("published"))
        let alone = try run("-j", "b.yaml", "--adopt-checkpoint")
        #expect(alone.exitCode != 0)
        #expect(alone.errors.contains("--adopt-checkpoint needs --restart (-r)"))
    }

    @Test func progressOfAnotherFileIsNotReplacedInSilence() throws {
        defer { sandbox.remove() }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        let again = try run("-j", "a.yaml")
        #expect(!again.errors.contains("This run replaces"))
        let other = try run("-j", "b.yaml")
        #expect(other.exitCode == 0)
        let expected =
            "This run replaces the checkpoint of another job file, \(sandbox.path("a.yaml")), which has the same name, "
            + "'flowmancer' (1 of its 2 tasks had completed)."
        #expect(other.errors.contains(expected), "\(other.errors)")
    }

    @Test(arguments: ["moved", "edited", "replaced", "symbolic link", "hard link", "copy"])
    func aFileStaysTheSameJob(change: String) throws {
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("jobs"), withIntermediateDirectories: true)
        #expect(try run("-j", "a.yaml").exitCode == 1)
        try sandbox.write("", to: "gate")
        let manager = FileManager.default
        var file = "a.yaml"
        switch change {
        case "moved":
            file = "jobs/c.yaml"
            try manager.moveItem(atPath: sandbox.path("a.yaml"), toPath: sandbox.path(file))
        case "edited", "replaced":
            // The second has a new inode.
            let text = try sandbox.read("a.yaml") + "\n  new: {task: NoOp}"
            try text.write(toFile: sandbox.path("a.yaml"), atomically: change == "replaced", encoding: .utf8)
        case "symbolic link":
            file = "jobs/c.yaml"
            try manager.createSymbolicLink(atPath: sandbox.path(file), withDestinationPath: "../a.yaml")
        case "hard link":
            file = "jobs/c.yaml"
            try manager.linkItem(atPath: sandbox.path("a.yaml"), toPath: sandbox.path(file))
        default:
            file = "jobs/c.yaml"
            try manager.copyItem(atPath: sandbox.path("a.yaml"), toPath: sandbox.path(file))
        }
        let result = try run("-j", file, "-r")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("done, kept: prepare"))
        #expect(result.output.contains("the job file was moved") == (change == "moved"), "\(result.output)")
        #expect(result.output.contains("a copy of this job file") == (change == "copy"), "\(result.output)")
    }

    /// A link such as `current` is the same place after every deployment.
    @Test func aLinkToTheNewestReleaseIsOnePlace() throws {
        defer { sandbox.remove() }
        let manager = FileManager.default
        for release in ["1", "2"] {
            try manager.createDirectory(atPath: sandbox.path(release), withIntermediateDirectories: true)
            try manager.copyItem(atPath: sandbox.path("a.yaml"), toPath: sandbox.path("\(release)/job.yaml"))
        }
        try sandbox.write(try sandbox.read("2/job.yaml") + "\n  new: {task: NoOp}", to: "2/job.yaml")
        let link = sandbox.path("current")
        func runInCurrent(_ release: String, _ arguments: String...) throws -> Finished {
            try? manager.removeItem(atPath: link)
            try manager.createSymbolicLink(atPath: link, withDestinationPath: release)
            let command = #"cd "$0" && exec "$@""#
            let program = [Products.path("test-app"), "-j", "./job.yaml", "--app-root", sandbox.directory.path]
            return try Running(
                "/bin/sh",
                ["-c", command, link] + program + arguments,
                in: sandbox.directory,
                environment: [:]
            ).wait()
        }
        #expect(try runInCurrent("1").exitCode == 1)
        try sandbox.write("", to: "gate")
        let second = try runInCurrent("2", "-r")
        #expect(second.exitCode == 0, "\(second.errors)")
        #expect(second.output.contains("done, kept: prepare"))
    }

    @Test func aJobFromAPipeIsKnownByItsTasks() throws {
        defer { sandbox.remove() }
        #expect(try run("-j", "a.yaml").exitCode == 1)
        try sandbox.write("", to: "gate")
        let result = try piped(sandbox.read("a.yaml"))
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("done, kept: prepare"))
    }

    /// Continues with a job from a pipe.
    private func piped(_ text: String) throws -> Finished {
        let script = #"printf '%s' "$1" | "$0" -j - -r"#
        return try Running(
            "/bin/sh",
            ["-c", script, Products.path("test-app"), text],
            in: sandbox.directory,
            environment: [:]
        ).wait()
    }

    // MARK: Jobs without a name

    /// While there is nothing that another job could replace, a name is not worth a line.
    @Test(arguments: ["", "config: {name: flowmancer}\n"])
    func aJobWithoutANameIsWarnedOfWhenItLeavesACheckpoint(configuration: String) throws {
        defer { sandbox.remove() }
        let warning =
            "warning: The job is named 'flowmancer', like every job without a name. "
            + "The next run of another such job replaces its checkpoint. "
            + "Set a name in the job file, for example: config: {name: my-job}\n"
        let job = configuration + "tasks: {a: {task: RequireFile, parameters: {path: gate}}}"
        #expect(try sandbox.run(job).errors.hasSuffix(warning))
        let named = "config: {name: mine}\n" + job.dropFirst(configuration.count)
        #expect(try !sandbox.run(named).errors.contains("warning"))
        try sandbox.write("", to: "gate")
        #expect(try sandbox.run(job).errors.isEmpty)
    }
}
