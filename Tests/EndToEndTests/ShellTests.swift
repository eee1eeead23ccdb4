import Foundation
import Testing

/// The built-in task that runs commands.
@Suite(.ownThread) struct ShellTests {
    /// Runs a job of one `Shell` task with parameters in YAML's flow style.
    private func run(_ parameters: String, in sandbox: Sandbox, _ options: String = "") throws -> Finished {
        try sandbox.run(
            "tasks: {a: {task: Shell, \(options)parameters: {\(parameters)}}}",
            environment: ["GIVEN": "here"]
        )
    }

    @Test(arguments: [
        ("command: printenv GIVEN", ["INFO - here"]),
        ("command: 'printf ''%s|'' a ''b c''  \"d e\" f\\ g'", ["INFO - a|b c|d e|f g|"]),
        ("command: [/bin/echo, $GIVEN, 'a  b', '*']", ["INFO - $GIVEN a  b *"]),
        ("command: 'printf \"b\\na\\n\" | sort'", ["INFO - a", "INFO - b"]),
        ("command: 'echo one; echo two >&2'", ["INFO - one", "ERROR - two"]),
        ("command: \"echo one\\necho two\\n\"", ["INFO - one", "INFO - two"]),
        ("command: printenv ADDED, env: {ADDED: 'a b'}", ["INFO - a b"]),
        ("command: 'echo \"${GIVEN-removed}\"', env: {GIVEN: null}", ["INFO - removed"]),
        ("command: 'echo $GIVEN', env: {GIVEN: changed}", ["INFO - changed"]),
        ("command: cat", []),
        ("command: cat, stdin: \"x\\ny\"", ["INFO - x", "INFO - y"]),
        ("command: cat, stdin: ''", []),
        ("command: basename /a/b", ["INFO - b"]),
        ("command: 'echo ${BASH_VERSION:+bash}', shell: /bin/bash", ["INFO - bash"]),
        ("command: basename /a/b, shell: /bin/bash", ["INFO - b"]),
        ("command: sh -c 'exit 3', success_codes: [0, 3]", []),
        ("command: 'echo ${BASH_VERSION:+bash} $-', shell: bash -e -u", ["INFO - bash ehuBc"]),
        ("command: 'echo $-', shell: [/bin/bash, -o, \"errexit\"]", ["INFO - ehBc"]),
        // A signal, and a program that cannot be started, have the exit codes that a shell gives them.
        ("command: sh -c 'kill -TERM $$', success_codes: [143]", []),
        ("command: [sh, -c, 'kill -9 $$'], success_codes: [0, 137]", []),
        ("command: 'kill -TERM $$', success_codes: [143]", []),
        (
            "command: surely-no-command; exit, success_codes: [127]",
            ["ERROR - /bin/sh: 1: surely-no-command: not found"]
        ),
    ])
    func commandsRun(parameters: String, expected: [String]) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run(parameters, in: sandbox)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(Set(try sandbox.log("a")) == Set(expected))
    }

    @Test func relativePathsStartFromTheDirectoryOfTheCommand() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("sub/bin"), withIntermediateDirectories: true)
        for name in ["sub/tool", "sub/bin/found"] {
            try sandbox.write("basename \"$(pwd)\"\n", to: name)
            #expect(chmod(sandbox.path(name), 0o755) == 0)
        }
        for command in ["./tool", "'./tool; true'", "[/bin/sh, tool]", "found, env: {PATH: 'bin:/bin:/usr/bin'}"] {
            let result = try run("command: \(command), cwd: sub", in: sandbox)
            #expect(result.exitCode == 0, "\(command): \(result.errors)")
            #expect(try sandbox.log("a") == ["INFO - sub"], "\(command)")
        }
    }

    @Test(arguments: [
        ("command: sh -c 'exit 3'", "run failed: the command exited with code 3: sh -c 'exit 3'"),
        ("command: exit 7", "the command exited with code 7: exit 7"),
        ("command: cat, success_codes: [1, 2]", "exited with code 0, which is not one of success_codes (1, 2): cat"),
        ("command: 'kill -9 $$'", "the command was killed by signal 9 (Killed): kill -9 $$"),
        (
            "command: 'sh -c \"kill -9 \\$\\$\"; exit $?'",
            "(a program in it was killed by signal 9 (Killed))"
        ),
        ("command: surely-no-command", "the command 'surely-no-command' was not found in PATH (/"),
        ("command: surely-no-command, env: {PATH: /nowhere}", "was not found in PATH (/nowhere); install it"),
        (
            "command: 'surely-no-command | cat; surely-no-command'",
            "with code 127 (a program in it was not found)"
        ),
        ("command: ./missing", "the program './missing' does not exist"),
        ("command: /dev/null/x", "the program '/dev/null/x' does not exist"),
        ("command: ./plain", "the file './plain' is not executable; run 'chmod +x' on it"),
        ("command: plain, env: {PATH: '.:/nowhere'}", "the file './plain' is not executable"),
        ("command: /tmp", "'/tmp' is a directory, not a program"),
        ("command: ./broken", "its first line is '#!/surely/missing\\r'"),
        ("command: [./bare]", "Exec format error; begin a script with '#!'"),
        ("command: cat, shell: /bin/nosh", "the program '/bin/nosh' does not exist"),
        ("command: cat, cwd: nowhere", "the working directory 'nowhere' ('cwd') does not exist"),
        ("command: cat, cwd: plain", "the working directory 'plain' ('cwd') does not exist or is not a directory"),
        ("command: \"exit 5\\necho more\"", "with code 5: exit 5 …"),
        ("command: ['false', 'a b', \"it's\", '']", "with code 1: false 'a b' 'it'\\''s' ''"),
    ])
    func failuresSayWhatHappened(parameters: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("echo unused\n", to: "plain")
        for (name, text) in [("broken", "#!/surely/missing\r\n"), ("bare", "echo bare\n")] {
            try sandbox.write(text, to: name)
            #expect(chmod(sandbox.path(name), 0o755) == 0)
        }
        let result = try run(parameters, in: sandbox)
        #expect(result.exitCode == 1)
        let errors = try sandbox.log("a").filter { $0.contains("run failed: ") }
        #expect(errors.count == 1)
        #expect(errors.first?.contains(message) == true, "\(errors)")
    }

    /// Longer by one than the system takes.
    private static let long = String(repeating: "x", count: 131_072)

    @Test(arguments: [
        ("command: ' '", "tasks.a.parameters.command: the command is empty"),
        ("command: []", "tasks.a.parameters.command: the command has no name"),
        ("command: ['', x]", "tasks.a.parameters.command: the command has no name"),
        ("command: 5", "tasks.a.parameters.command: expected a command: text, or a list of words, found the number 5"),
        ("command: [x, 5]", "tasks.a.parameters.command[1]: expected text, found the number 5"),
        ("command: \"a\\0b\"", "a command cannot contain a NUL character"),
        ("cwd: x", "the required key 'command' is missing; expected a command: text, or a list of words"),
        ("command: x, env: {A: 4}", "tasks.a.parameters.env.A: expected text (a number in quotes), or nothing"),
        ("command: x, env: {'A=B': c}", "tasks.a.parameters.env.A=B: 'A=B' is not a valid name of a variable"),
        ("command: x, env: [A]", "tasks.a.parameters.env: expected a mapping of variables"),
        ("command: x, success_codes: [256]", "expected an integer from 0 to 255"),
        ("command: x, comand: y", "unknown key 'comand'; did you mean 'command'?"),
        (
            "command: x, success_codes: []",
            "tasks.a.parameters.success_codes: expected a list of exit codes, such as [0, 1]"
        ),
        ("command: x, shell: ''", "tasks.a.parameters.shell: the shell has no name; expected a shell: its path and"),
        ("command: x, shell: []", "tasks.a.parameters.shell: the shell has no name"),
        ("command: x, shell: $SHELL -e", "tasks.a.parameters.shell: the shell cannot contain variables, patterns"),
        ("command: x, shell: [bash, 5]", "tasks.a.parameters.shell[1]: expected text, found the number 5"),
        ("command: x, shell: \"a\\0b\"", "tasks.a.parameters.shell: the shell cannot contain a NUL character"),
        ("command: x, cwd: ''", "tasks.a.parameters.cwd: expected the path of a directory, found the text \"\""),
        ("command: x, cwd: \"a\\0b\"", "tasks.a.parameters.cwd: expected the path of a directory"),
        (
            "command: x, merge_output: true",
            "'merge_output' is a key of the task, not one of the parameters of its type"
        ),
        ("command: x, max_attempts: 3", "'max_attempts' is a key of the task"),
        ("command: 'echo \(Self.long)'", "command: the command has 131077 bytes, but the system takes at most 131071"),
        ("command: [cat, \(Self.long)]", "tasks.a.parameters.command[1]: the argument has 131072 bytes"),
        ("command: cat, env: {A: \(Self.long)}", "tasks.a.parameters.env.A: the variable has 131074 bytes"),
    ])
    func badParametersAreFoundBeforeTheRun(parameters: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run(parameters, in: sandbox)
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("job.yaml:1:"), "\(result.errors)")
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(!sandbox.exists("logs"))
    }

    @Test func capturedOutputIsShared() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            #"""
            tasks:
              lines: {task: Shell, parameters: {command: 'printf "a\nb\n\n"; echo not this >&2', capture: lines}}
              nothing: {task: Shell, parameters: {command: cat, capture: nothing}}
              binary: {task: Shell, parameters: {command: 'printf "\\377x"', capture: binary}}
              left: {task: Shell, parameters: {command: 'sleep 600 & echo out', capture: left}}
              crlf: {task: Shell, parameters: {command: 'printf "a\r"; printf "\nb\rc\r\r\n\r\n"', capture: crlf}}
              failed: {task: Shell, parameters: {command: 'echo out; exit 1', capture: failed}}
              print-lines: {task: PrintShared, dependencies: [lines], parameters: {key: lines}}
              print-nothing: {task: PrintShared, dependencies: [nothing], parameters: {key: nothing}}
              print-binary: {task: PrintShared, dependencies: [binary], parameters: {key: binary}}
              print-crlf: {task: PrintShared, dependencies: [crlf], parameters: {key: crlf}}
              print-left: {task: PrintShared, dependencies: [left], parameters: {key: left}}
            """#
        )
        #expect(result.exitCode == 1)
        #expect(try sandbox.log("lines").filter { $0.hasPrefix("INFO") } == ["INFO - a", "INFO - b", "INFO - "])
        #expect(try sandbox.log("print-lines") == ["INFO - [a", "INFO - b]"])
        #expect(try sandbox.log("print-nothing") == ["INFO - []"])
        #expect(try sandbox.log("print-binary") == ["INFO - [\u{fffd}x]"])
        #expect(try sandbox.log("crlf") == ["INFO - a", "INFO - c", "INFO - "])
        #expect(try sandbox.log("print-crlf") == ["INFO - [a", "INFO - c]"])
        #expect(try sandbox.log("print-left") == ["INFO - [out]"])
        #expect(try sandbox.log("left").contains { $0.contains("left running") })
    }

    @Test(arguments: [
        (1_048_576, "\\\\n", 0), (1_048_576, "\\\\r\\\\n\\\\n", 0), (1_048_576, "\\\\ny", 1), (1_048_577, "", 1),
    ])
    func captureIsBounded(size: Int, end: String, exitCode: Int) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let command = "head -c \(size) /dev/zero | tr ''\\\\0'' x; printf \"\(end)\"; touch finished"
        let result = try run("command: '\(command)', capture: all", in: sandbox)
        #expect(Int(result.exitCode) == exitCode)
        #expect(sandbox.exists("finished"))
        let message = "printed more than the 1048576 bytes that 'capture' takes"
        #expect(try sandbox.log("a").contains { $0.contains(message) } == (exitCode == 1))
    }

    @Test func longInputIsReadWhole() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let text = String(repeating: "0123456789", count: 50_000)
        #expect(try run("command: wc -c, stdin: '\(text)', capture: count", in: sandbox).exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - 500000"])
    }

    @Test func commandsInheritNothingThatIsOurs() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            #"""
            tasks:
              signals: {task: Shell, parameters: {command: 'grep -E "Sig(Blk|Ign)" /proc/self/status'}}
              descriptors: {task: Shell, parameters: {command: ls /proc/self/fd, capture: files}}
              input: {task: Shell, parameters: {command: readlink /proc/self/fd/0}}
              group: {task: Shell, parameters: {command: 'test $$ = $(cut -d " " -f 5 /proc/$$/stat)'}}
            """#
        )
        #expect(result.exitCode == 0)
        // The C library has two signals for itself.
        let signals = try sandbox.log("signals").compactMap { UInt64($0.suffix(16), radix: 16) }
        #expect(signals.map { $0 & ~0x1_8000_0000 } == [0, 0])
        #expect(try sandbox.log("descriptors") == ["INFO - 0", "INFO - 1", "INFO - 2", "INFO - 3"])
        #expect(try sandbox.log("input") == ["INFO - /dev/null"])
    }

    @Test(arguments: ["", ", capture: output", ", stdin: text"])
    func cancellationEndsTheProcessGroup(options: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("trap 'touch told; exit' TERM; touch ready; while :; do sleep 0.1; done", to: "child")
        try sandbox.write(
            """
            sh child &
            echo $! $$ > pids.new
            trap 'wait; echo terminated; exit 0' TERM
            until [ -e ready ]; do sleep 0.05; done
            mv pids.new pids
            wait
            echo not reached
            """,
            to: "script"
        )
        try sandbox.write(
            "tasks: {a: {task: Shell, parameters: {command: sh script\(options)}}, b: {task: NoOp, dependencies: [a]}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pids") })
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(sandbox.exists("told"))
        // Shells may say beside it that their children were terminated.
        let log = try sandbox.log("a")
        #expect(log.contains("INFO - terminated"))
        #expect(!log.contains("INFO - not reached"))
        let pids = try sandbox.read("pids").split(whereSeparator: \.isWhitespace).compactMap { Int32($0) }
        #expect(pids.count == 2)
        #expect(pids.allSatisfy { !isAlive($0) })
    }

    @Test func aCommandThatIgnoresTheSignalIsKilledAfterTheGrace() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("trap '' TERM; echo $$ > pid.new; mv pid.new pid; while :; do sleep 0.1; done", to: "script")
        try sandbox.write(
            "config: {abort_grace_seconds: 1}\ntasks: {a: {task: Shell, parameters: {command: sh script}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pid") })
        running.signal(SIGTERM)
        #expect(try running.wait().exitCode == 143)
        let pid = try #require(Int32(sandbox.read("pid").trimmingCharacters(in: .newlines)))
        #expect(!isAlive(pid))
    }

    @Test func aStoppedCommandHearsOfItsEnd() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "trap 'echo ended; exit 3' TERM; echo $$ > pid.new; mv pid.new pid; kill -STOP $$; sleep 0.1"
        try sandbox.write(script, to: "script")
        try sandbox.write(
            "config: {abort_grace_seconds: 600}\ntasks: {a: {task: Shell, parameters: {command: sh script}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("pid") })
        let status = "/proc/\(try sandbox.read("pid").trimmingCharacters(in: .newlines))/stat"
        #expect(waitUntil { (try? String(contentsOfFile: status, encoding: .utf8))?.contains(") T ") == true })
        running.signal(SIGTERM)
        #expect(try running.wait().exitCode == 143)
        #expect(try sandbox.log("a").contains("INFO - ended"))
    }

    @Test func aTimeLimitEndsTheCommand() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try run("command: 'echo $$ >> pids; exec sleep 600'", in: sandbox, "timeout: 2, ").exitCode == 1)
        #expect(try sandbox.log("a").contains { $0.contains("time limit") })
        // Where the machine is too busy, the command may not have come so far.
        let pids = (try? sandbox.read("pids").split(separator: "\n").compactMap { Int32($0) }) ?? []
        #expect(pids.allSatisfy { !isAlive($0) })
    }

    @Test func manyCommandsShareTheWorkers() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...300).map { number in
            let command = number.isMultiple(of: 2) ? "printf %s \(number)" : "echo \(number)"
            return "  t\(number): {task: Shell, parameters: {command: \(command), capture: k\(number)}}"
        }
        let result = try sandbox.run("config: {max_concurrency: 4}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0)
        for number in 1...300 { #expect(try sandbox.log("t\(number)") == ["INFO - \(number)"]) }
    }

    @Test func argumentsMayBeLongTogether() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let words = String(repeating: " /a/b", count: 40_000)
        #expect(try run("command: 'basename -a\(words)', capture: names", in: sandbox).exitCode == 0)
        #expect(try sandbox.log("a").count == 40_000)
    }
}
