import Foundation
import Testing

/// A command that `Shell` starts without a shell is like one that a shell started, and a shell is the one that was asked for.
@Suite(.ownThread) struct ShellLikenessTests {
    private func run(_ parameters: String, in sandbox: Sandbox) throws -> Finished {
        try sandbox.run("tasks: {a: {task: Shell, parameters: {\(parameters)}}}")
    }

    /// What is started without a shell finds the same directory in `PWD` as under one.
    @Test(arguments: [[], ["--app-root", "data/deep"]])
    func theWorkingDirectoryIsInTheEnvironment(arguments: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(
            atPath: sandbox.path("data/deep/data"),
            withIntermediateDirectories: true
        )
        let root = arguments.last.map(sandbox.path) ?? sandbox.path(".").replacing("/.", with: "")
        for link in ["link", "data/deep/link"] {
            try FileManager.default.createSymbolicLink(atPath: sandbox.path(link), withDestinationPath: "data")
        }
        let places = [
            ("", root), (", cwd: data", "\(root)/data"), (", cwd: ./data/", "\(root)/data"), (", cwd: /tmp/..", "/"),
            (", cwd: data/../data/.", "\(root)/data"), (", cwd: link", "\(root)/link"), (", cwd: link/..", root),
            (", env: {A: b}", root), (", env: {PWD: /nowhere}", root),
            (", env: {PWD: null}, cwd: data", "\(root)/data"),
            (", capture: key, cwd: data", "\(root)/data"),
        ]
        let commands = ["printenv PWD OLDPWD", "'printenv PWD OLDPWD; exit'", "[printenv, PWD, OLDPWD]"]
        var tasks = ""
        for (index, place) in places.enumerated() {
            for (number, command) in commands.enumerated() {
                tasks += "  t\(index)-\(number): {task: Shell, parameters: {command: \(command)\(place.0)}}\n"
            }
        }
        try sandbox.write("config: {max_concurrency: 2}\ntasks:\n\(tasks)", to: "job.yaml")
        let running = try sandbox.start(
            ["-j", "job.yaml"] + arguments,
            environment: ["PWD": "/nowhere", "OLDPWD": "/before"]
        )
        #expect(try running.wait().exitCode == 0)
        if !arguments.isEmpty { try FileManager.default.moveItem(atPath: root + "/logs", toPath: sandbox.path("logs")) }
        for (index, place) in places.enumerated() {
            for (number, command) in commands.enumerated() {
                let expected = ["INFO - \(place.1)", "INFO - /before"]
                #expect(try sandbox.log("t\(index)-\(number)") == expected, "\(command)\(place.0)")
            }
        }
    }

    /// A worker is used again by the next task, wherever the one before left it.
    @Test func aRelativeDirectoryStartsFromTheAppRoot() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("data"), withIntermediateDirectories: true)
        let result = try sandbox.run(
            """
            config: {max_concurrency: 1}
            tasks:
              leave: {task: LeaveAppRoot}
              a: {task: Shell, dependencies: [leave], parameters: {command: printenv PWD, cwd: data}}
              b: {task: Shell, dependencies: [a], parameters: {command: [/bin/pwd, -P], cwd: ./data/..}}
            """
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - \(sandbox.path("data"))"])
        #expect(try sandbox.log("b") == ["INFO - \(sandbox.directory.path)"])
    }

    /// A directory that was reached by a symbolic link keeps its name, as under a shell.
    @Test func theNameOfTheAppRootIsThatOfTheCaller() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("real"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: sandbox.path("name"), withDestinationPath: "real")
        try sandbox.write(
            "tasks: {a: {task: Shell, parameters: {command: printenv PWD, capture: key}}}",
            to: "real/job.yaml"
        )
        let running = try Running(
            Products.path("test-app"),
            ["-j", "job.yaml"],
            in: URL(fileURLWithPath: sandbox.path("name")),
            environment: ["PWD": sandbox.path("name")]
        )
        #expect(try running.wait().exitCode == 0)
        try FileManager.default.moveItem(atPath: sandbox.path("real/logs"), toPath: sandbox.path("logs"))
        #expect(try sandbox.log("a") == ["INFO - \(sandbox.path("name"))"])
    }

    @Test(arguments: [
        ("command: surely-no-command, success_codes: [127]", "the command 'surely-no-command' was not found in PATH"),
        ("command: ./missing, success_codes: [0, 127], capture: key", "the program './missing' does not exist"),
        ("command: ./broken, success_codes: [127]", "but the program that should run it does not"),
        ("command: ./plain, success_codes: [126]", "the file './plain' is not executable"),
        ("command: /tmp, success_codes: [126]", "'/tmp' is a directory"),
        ("command: [./bare], success_codes: [126]", "Exec format error"),
    ])
    func aProgramThatCannotBeStartedCountsAsUnderAShell(parameters: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("echo unused\n", to: "plain")
        for (name, text) in [("broken", "#!/surely/missing\n"), ("bare", "echo bare\n")] {
            try sandbox.write(text, to: name)
            #expect(chmod(sandbox.path(name), 0o755) == 0)
        }
        #expect(try run(parameters, in: sandbox).exitCode == 0)
        let log = try sandbox.log("a")
        #expect(log.count == 1 && log[0].hasPrefix("WARNING - ") && log[0].contains(message), "\(log)")
        #expect(try run(parameters.replacing("12", with: "13"), in: sandbox).exitCode == 1)
    }

    @Test func aShellWithArgumentsStopsAtTheFirstFailure() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        for command in [
            "false; echo not reached", "echo $UNSET_VARIABLE; echo not reached", "false | cat; echo not reached",
        ] {
            let result = try run("command: '\(command)', shell: /bin/bash -euo pipefail", in: sandbox)
            #expect(result.exitCode == 1, "\(command)")
            #expect(try !sandbox.log("a").contains("INFO - not reached"), "\(command)")
        }
    }

    @Test func aSignalThatIsNoSuccessIsNamed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try run("command: [sh, -c, 'kill $$'], success_codes: [0, 9]", in: sandbox).exitCode == 1)
        let message =
            "was killed by signal 15 (Terminated) (exit code 143), which is not one of success_codes (0, 9): sh -c"
        #expect(try sandbox.log("a").contains { $0.contains(message) })
    }
}
