import Foundation
import Testing

/// Texts of the system that are no valid UTF-8.
@Suite(.ownThread) struct SystemTextTests {
    /// Runs a shell script, in which `$app` is the test app and `$d` a directory whose name is no text.
    private func run(_ script: String, in sandbox: Sandbox) throws -> Finished {
        let head = "set -eu; app='\(Products.path("test-app"))'; d=$(printf 'caf\\351'); mkdir -p \"$d/conf\"\n"
        try sandbox.write(head + script, to: "script")
        return try Running("/bin/sh", ["script"], in: sandbox.directory, environment: [:]).wait()
    }

    private static let job = """
        include: [inc.yaml]
        config: {name: named, extension_directories: [sources]}
        tasks: {a: {task: Shell, parameters: {command: 'pwd; printenv PWD', cwd: conf}}}
        checkpointer: {checkpointer: FileCheckpointer, parameters: {checkpoint_dir: kept}}
        """

    @Test(arguments: [
        "cd \"$d\"; \"$app\" -j job.yaml",
        "\"$app\" -j \"$PWD/$d/job.yaml\" --app-root \"$d\"",
        "\"$app\" -j \"$d/job.yaml\" --app-root \"$PWD/$d\"",
        "FLOWMANCER_APP_ROOT=\"$d\" \"$app\" -j \"$d/job.yaml\"",
        "cd \"$d/conf\"; FLOWMANCER_APP_ROOT=.. \"$app\" -j ../job.yaml",
    ])
    func aJobRunsInADirectoryWhoseNameIsNoText(call: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(Self.job, to: "job.yaml")
        try sandbox.write("tasks: {b: {task: Shell, dependencies: [a], parameters: {command: exit 1}}}", to: "inc.yaml")
        let result = try run(
            """
            mv job.yaml inc.yaml "$d"; mkdir "$d/sources"; echo 'struct X: FlowTaskless {}' > "$d/sources/x.swift"
            code=0; (\(call)) || code=$?; echo "code $code"
            cp -R "$d"/logs "$d"/kept .
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("code 1\n"), "\(result.output) \(result.errors)")
        let log = try Data(contentsOf: URL(fileURLWithPath: sandbox.logFile("a")))
        let line = Data("INFO - \(sandbox.directory.path)/caf".utf8) + Data([0xE9]) + Data("/conf\n".utf8)
        let first = try #require(log.range(of: line))
        #expect(log[first.upperBound...].range(of: line) != nil)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: sandbox.path("kept")).contains { $0.hasPrefix("named") }
        )
    }

    @Test func valuesFromOutsideKeepTheirBytes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              argument:
                task: Shell
                parameters:
                  command:
                    - printf
                    - '%s|'
                    - $VAR{x}
                    - $ENV{X}
              text:
                task: Shell
                parameters:
                  command: printf %s "$VAR{x}"; exit
              environment:
                task: Shell
                parameters:
                  command: printenv KEPT MARK SET | od -An -c
                  env:
                    MARK: new
                    SET: $ENV{X}
              removed: {task: Shell, parameters: {command: 'printenv MARK; printenv KEPT', env: {MARK: null}}}
              directory:
                task: Shell
                parameters:
                  command: basename -a conf conf
                  cwd: $VAR{x}
              input:
                task: Shell
                parameters:
                  command: cat
                  stdin: $VAR{x}
            loggers:
              here: {logger: FileLogger}
              there:
                logger: FileLogger
                parameters:
                  base_log_dir: $VAR{x}/logs
            """,
            to: "job.yaml"
        )
        let result = try run(
            """
            KEPT=$(printf 'a\\351b') MARK=$(printf '\\314\\201old') X=$(printf '\\377') "$app" -j job.yaml --var "x=$d"
            test -s "$d"/logs/latest/argument.log
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        func bytes(_ task: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: sandbox.logFile(task))) }
        let name = Data("caf".utf8) + Data([0xE9])
        #expect(try bytes("argument").range(of: Data(" ".utf8) + name + Data([0x7C, 0xFF, 0x7C, 0x0A])) != nil)
        #expect(try bytes("text").range(of: name) != nil)
        #expect(try bytes("input").range(of: name) != nil)
        #expect(try sandbox.log("environment") == ["INFO -    a 351   b  \\n   n   e   w  \\n 377  \\n"])
        #expect(try bytes("removed").range(of: Data("a".utf8) + Data([0xE9, 0x62, 0x0A])) != nil)
        #expect(try bytes("removed").range(of: Data("old".utf8)) == nil)
        #expect(try sandbox.log("directory") == ["INFO - conf", "INFO - conf"])
    }

    /// Where a separator is followed by a combining character, both are one character, but not one byte.
    @Test func separatorsAreBytes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a:
                task: Shell
                parameters:
                  command: found $VAR{x}
                  env: {PATH: "/nowhere:\\u0301bin:/bin"}
              b: {task: Shell, parameters: {command: pwd, cwd: "\(sandbox.directory.path)/\\u0301bin"}}
            """,
            to: "job.yaml"
        )
        let result = try run(
            """
            m=$(printf '\\314\\201'); mkdir "${m}bin"; printf '#!/bin/sh\\necho "found $1"\\n' > "${m}bin/found"; chmod +x "${m}bin/found"
            "$app" -j job.yaml --var "x=${m}v"
            """,
            in: sandbox
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("a") == ["INFO - found \u{301}v"])
        #expect(try sandbox.log("b") == ["INFO - \(sandbox.directory.path)/\u{301}bin"])
    }

    @Test func secretsFromOutsideAreMaskedByTheirBytes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a:
                task: HoldSecret
                parameters:
                  token: $ENV{TOKEN}
                  marker: m
              b: {task: Shell, parameters: {command: printenv TOKEN}}
            """,
            to: "job.yaml"
        )
        let result = try run("touch m.end; TOKEN=$(printf 'tok\\351en-x') \"$app\" -j job.yaml", in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("b") == ["INFO - ***"])
        #expect(try sandbox.log("a") == ["INFO - ended with ***"])
    }

    @Test func messagesShowTheBytes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run(
            "\"$app\" validate \"$d/none.yaml\" || \"$app\" -j x.yaml --app-root \"$d/none\"",
            in: sandbox
        )
        #expect(result.exitCode == 1)
        #expect((result.output + result.errors).contains("caf\\xE9/none.yaml"), "\(result)")
        #expect(result.errors.contains("the app root caf\\xE9/none does not exist"), "\(result)")
    }
}
