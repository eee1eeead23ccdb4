import Foundation
import Testing

/// The commands that look into a job without running it.
@Suite(.ownThread) struct CommandTests {
    private static let job = """
        config: {name: demo}
        tasks:
          start: {task: Print, parameters: {text: ran-start}}
          left: {task: Print, dependencies: [start], parameters: {text: ran-left}}
          right: {task: Fail, depends_on: [start]}
          end: {task: Print, dependencies: [left, right], parameters: {text: ran-end}}
        """

    /// Runs a command on a job; it must leave the directory as it was.
    private func run(_ arguments: String..., job: String = Self.job, in sandbox: Sandbox) throws -> Finished {
        try sandbox.write(job, to: "job.yaml")
        let before = try files(sandbox)
        let result = try sandbox.start(arguments).wait()
        #expect(try files(sandbox) == before)
        return result
    }

    private func files(_ sandbox: Sandbox) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: sandbox.directory.path)
            .filter { !$0.hasPrefix("std") }.sorted()
    }

    // MARK: run

    @Test func runIsTheCommandIfNoneIsNamed() throws {
        for arguments in [["-j", "job.yaml"], ["run", "-j", "job.yaml"]] {
            let sandbox = try Sandbox()
            defer { sandbox.remove() }
            try sandbox.write("tasks: {validate: {task: Print, parameters: {text: hi}}}", to: "job.yaml")
            #expect(try sandbox.start(arguments).wait().exitCode == 0)
            #expect(try sandbox.log("validate") == ["INFO - hi"])
        }
    }

    @Test func namesOfCommandsAreNoCommandsAsValues() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {plan: {task: Fail}, a: {task: NoOp}}", to: "tasks")
        #expect(try sandbox.start(["-j", "tasks", "--skip", "plan"]).wait().exitCode == 0)
    }

    @Test func helpTellsOfAllCommandsAndOfTheOptionsOfARun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let help = try sandbox.start(["--help"]).wait()
        #expect(help.exitCode == 0)
        for command in ["run (default)", "validate", "plan", "explain", "graph", "tasks", "plugins", "schema"] {
            #expect(help.output.contains("\n  \(command) "))
        }
        #expect(help.output.contains("test-app job.yaml -r"))
        #expect(try sandbox.start(["help", "run"]).wait().output.contains("--max-concurrency"))
        #expect(try sandbox.start(["plan", "--no-such-option"]).wait().exitCode == 64)
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func shellsCanCompleteTheCommandLine(shell: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = try sandbox.start(["--generate-completion-script", shell]).wait()
        #expect(script.exitCode == 0)
        #expect(script.output.contains("validate") && script.output.contains("restart"))
    }

    // MARK: validate

    @Test func aSoundJobIsValid() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try run("validate", "job.yaml", in: sandbox)
        #expect(result.exitCode == 0)
        #expect(result.output == "job.yaml: valid, with 4 tasks\n")
        #expect(result.errors.isEmpty)
        #expect(try run("validate", "-j", "job.yaml", in: sandbox).exitCode == 0)
    }

    @Test func everyJobIsCheckedAndOneInvalidJobIsEnough() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: Nope, max_attempts: 0}}", to: "bad.yaml")
        let result = try run("validate", "bad.yaml", "job.yaml", "missing.yaml", in: sandbox)
        #expect(result.exitCode == 1)
        #expect(
            result.output == """
                bad.yaml: invalid, 2 errors
                job.yaml: valid, with 4 tasks
                missing.yaml: invalid, 1 error

                """
        )
        #expect(result.errors.contains("bad.yaml:1:19: error: tasks.a.task: no task type is named 'Nope'"))
        #expect(result.errors.contains("cannot read missing.yaml"))
    }

    @Test func warningsAreErrorsUnderStrict() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks:\n  a:\n    task: Print\n    parameters:\n      text: x$ENV{SURELY_NOT_SET}"
        let lax = try run("validate", "job.yaml", job: job, in: sandbox)
        #expect(lax.exitCode == 0)
        #expect(lax.output == "job.yaml: valid, with 1 task and 1 warning\n")
        let strict = try run("validate", "--strict", "job.yaml", job: job, in: sandbox)
        #expect(strict.exitCode == 1)
        #expect(strict.output == "job.yaml: invalid, 1 error\n")
    }

    /// Nothing of the program replaces what comes with it, nor the other way round.
    @Test func aNameThatTwoTypesHaveIsNotGuessed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            tasks:
              own: {task: checkpoint_app.Shell}
              other: {task: FlowmancerPlugins.Shell, parameters: {command: echo built-in}}
            """
        try sandbox.write("\(job)\n  which: {task: Shell}", to: "job.yaml")
        let result = try sandbox.start(["-j", "job.yaml"], program: "checkpoint-app").wait()
        #expect(result.exitCode == 1)
        #expect(
            result.errors == """
                job.yaml:4:17: error: tasks.which.task: several task types are named 'Shell'; \
                write one of: FlowmancerPlugins.Shell, checkpoint_app.Shell

                """
        )
        try sandbox.write(job, to: "job.yaml")
        #expect(try sandbox.start(["-j", "job.yaml"], program: "checkpoint-app").wait().exitCode == 0)
        #expect(try sandbox.log("own") == ["INFO - the program's own"])
        #expect(try sandbox.log("other") == ["INFO - built-in"])
    }

    /// A logger with such a pattern would be silent, or write what it was to leave out.
    @Test func patternsOfLoggersThatMatchNoTaskAreDoubtful() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            \(Self.job)
            loggers:
              one: {logger: ConsoleLogger, parameters: {include: strat, exclude: [lef*, l*]}}
              two:
                logger: FileLogger
                parameters:
                  exclude:
                    - "[!a-z]*"
            """
        let result = try run("validate", "job.yaml", job: job, in: sandbox)
        #expect(result.exitCode == 0)
        #expect(
            result.errors == """
                job.yaml:8:54: warning: loggers.one.parameters.include: no task has a name that matches 'strat'; \
                did you mean 'start'?
                job.yaml:13:11: warning: loggers.two.parameters.exclude[0]: no task has a name that matches '[!a-z]*'; \
                expected one of: start, left, right, end

                """
        )
        #expect(try sandbox.start(["validate", "--strict", "job.yaml"]).wait().exitCode == 1)
        let warned = try sandbox.start(["-j", "job.yaml", "--skip", "right"]).wait()
        #expect(warned.exitCode == 0 && warned.errors.contains("job.yaml:8:54: warning: "), "\(warned.errors)")
    }

    // MARK: tasks, plugins

    @Test func typesAreListedWithTheirParameters() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = try run("tasks", in: sandbox).output
        #expect(tasks.contains("  Shell  in FlowmancerPlugins\n    Runs a command.\n"))
        #expect(tasks.contains("  UseSharedKey  in test_app\n    Counts with a typed key.\n    no parameters\n"))
        #expect(tasks.contains("  DownloadDataFromRestApi  in test_app\n"))
        #expect(tasks.contains("    api_details.protocol  HTTP | HTTPS, default HTTPS\n"))
        #expect(tasks.contains("    logins.*.password  text, required, secret\n"))
        #expect(tasks.contains("\n                       The token of the service.\n"))
        #expect(!tasks.contains("FileLogger"))
        let plugins = try run("plugins", in: sandbox).output
        for title in ["Loggers", "Extensions", "Checkpointers", "Histories"] { #expect(plugins.contains("\(title)\n")) }
        #expect(plugins.contains("  FileLogger  in FlowmancerPlugins\n    Writes a log file for each task.\n"))
        #expect(plugins.contains("    checkpoint_dir  text, default ./.flowmancer\n"))
    }

    @Test func typesAreListedForPrograms() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let text = try run("tasks", "--json", in: sandbox).output
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [[String: Any]]])
        let tasks = try #require(tree["tasks"])
        let leak = try #require(tasks.first { $0["name"] as? String == "Leak" })
        #expect(leak["qualified_name"] as? String == "test_app.Leak")
        #expect(leak["abstract"] as? String == "")
        #expect(tasks.contains { $0["abstract"] as? String == "Counts with a typed key." })
        let token = try #require((leak["parameters"] as? [[String: Any]])?.first)
        #expect(token["key"] as? String == "token" && token["secret"] as? Bool == true)
        #expect(token["required"] as? Bool == true && token["default"] == nil)
        #expect((token["type"] as? [String: Any])?["kind"] as? String == "text")
        // A type that was registered under a name of its own.
        #expect(tasks.contains { $0["name"] as? String == "RepeatFlag" })
        let plugins = try run("plugins", "--json", in: sandbox).output
        let kinds = try #require(try JSONSerialization.jsonObject(with: Data(plugins.utf8)) as? [String: Any])
        #expect(Set(kinds.keys) == ["executors", "loggers", "extensions", "checkpointers", "histories"])
    }

    // MARK: plan

    @Test func aPlanShowsOrderAndCriticalPath() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let plan = try run("plan", "-j", "job.yaml", in: sandbox)
        #expect(plan.exitCode == 0)
        #expect(
            plan.output == """
                demo: 4 tasks would run, on 3 levels, the widest has 2 tasks

                  1  start  Print
                  2  left  Print  after start
                     right  Fail  after start
                  3  end  Print  after left, right

                Critical path (the longest chain of tasks): 3 tasks
                  start → left → end

                """
        )
    }

    @Test func aPlanWithManyNamesBreaksItsLines() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let names = (1...40).map { "table-number-\($0)" }
        let tables = names.map { "  \($0): {task: NoOp}" }.joined(separator: "\n")
        let chain = (1...12).map {
            "  chain-link-\($0): {task: NoOp\($0 > 1 ? ", dependencies: [chain-link-\($0 - 1)]" : "")}"
        }
        let job = """
            config: {name: wide}
            tasks:
            \(tables)
              join: {task: NoOp, dependencies: [\(names.joined(separator: ", "))]}
            \(chain.joined(separator: "\n"))
              broken: {task: Fail}
            """
        for arguments in [["plan"], ["plan", "--skip", "join", "--run-to", "chain-link-12"]] {
            try sandbox.write(job, to: "job.yaml")
            let plan = try sandbox.start(arguments + ["-j", "job.yaml"]).wait().output
            for line in plan.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
            for name in names { #expect(plan.contains(name)) }
        }
        let plan = try sandbox.start(["plan", "-j", "job.yaml"]).wait().output
        #expect(plan.contains("\n   2  join  NoOp\n        after table-number-1, table-number-2, "), "\(plan)")
        #expect(try sandbox.run(job).exitCode == 1)
        let restart = try sandbox.start(["plan", "-r", "-j", "job.yaml"]).wait().output
        for line in restart.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        #expect(restart.contains("\n  done, kept: table-number-1, "))
        #expect(restart.replacing("\n   ", with: "").contains("table-number-20 and 33 more tasks\n"), "\(restart)")
    }

    /// One task at a time: the second had all that it depends on, and the third not.
    @Test func whatNeverStartedIsNotSaidToHaveBeenAborted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: demo, max_concurrency: 1}
            tasks:
              running: {task: Block, parameters: {marker: m}}
              ready: {task: NoOp}
              waiting: {task: NoOp, dependencies: [running]}
            """
        try sandbox.write(job, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        waitUntil { sandbox.exists("m") }
        running.signal(SIGINT)
        running.signalAgain(SIGINT)
        _ = try running.wait()
        let plan = try sandbox.start(["plan", "-r", "-j", "job.yaml"]).wait()
        #expect(plan.output.contains("  aborted, run again: running\n"), "\(plan.output)")
        #expect(plan.output.contains("  had not started, run now: ready, waiting\n"), "\(plan.output)")
    }

    /// A task that failed stays one that failed while it waits for its restart: otherwise `onRestart` would not be called.
    @Test func whatFailedAndWasAbortedBeforeItsRestartIsStillToBeRestarted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "test -e again || exit 1; touch m; exec sleep 600"
        let job = """
            config: {name: demo, max_concurrency: 1}
            tasks:
              first: {task: Shell, parameters: {command: '\(script)'}}
              second: {task: Shell, parameters: {command: exit 1}}
            """
        try sandbox.write(job, to: "job.yaml")
        #expect(try sandbox.start(["-j", "job.yaml"]).wait().exitCode == 2)
        try sandbox.write("", to: "again")
        let running = try sandbox.start(["-j", "job.yaml", "-r"])
        waitUntil { sandbox.exists("m") }
        running.signal(SIGINT)
        running.signalAgain(SIGINT)
        _ = try running.wait()
        let plan = try sandbox.start(["plan", "-r", "-j", "job.yaml"]).wait()
        #expect(plan.output.contains("  failed, run again: second\n"), "\(plan.output)")
    }

    @Test func aPlanKnowsTheSelection() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let plan = try run("plan", "-j", "job.yaml", "--run-from", "left", "--skip", "end", in: sandbox).output
        #expect(plan.contains("demo: 1 of 4 tasks would run"))
        #expect(plan.contains("\n  1  left  Print  after start\n"))
        #expect(plan.contains("Left out on request: start, right, end\n"))
        let unknown = try run("plan", "-j", "job.yaml", "--run-to", "statr", in: sandbox)
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("did you mean 'start'?"))
    }

    @Test func aPlanOfARestartSaysWhatTheRestartSays() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let fresh = try run("plan", "-r", "-j", "job.yaml", in: sandbox)
        #expect(fresh.output.contains("No checkpoint is stored for the job 'demo'"))

        #expect(try sandbox.run(Self.job).exitCode == 2)
        let changed = Self.job.replacingOccurrences(of: "ran-left", with: "ran-other")
        let checkpoint = try sandbox.read(".flowmancer/demo.checkpoint")
        let plan = try run("plan", "-r", "-j", "job.yaml", job: changed, in: sandbox)
        #expect(plan.output.contains("demo: 2 of 4 tasks would run"))
        #expect(plan.output.contains("\n  1  right  Fail  after start  (failed, run again)\n"))
        #expect(try sandbox.read(".flowmancer/demo.checkpoint") == checkpoint)

        let json = try run("plan", "-r", "--json", "-j", "job.yaml", job: changed, in: sandbox).output
        let tree = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let tasks = try #require(tree["tasks"] as? [[String: Any]])
        #expect(tasks.map { $0["runs"] as? Bool } == [false, false, true, true])
        #expect(tree["critical_path"] as? [String] == ["right", "end"])

        let again = try run("plan", "-r", "--rerun-changed", "-j", "job.yaml", job: changed, in: sandbox).output
        #expect(again.contains("left  Print  after start  (done, but the definition changed: run again)"))

        let announced = try #require(plan.output.components(separatedBy: "Restarting from the checkpoint:\n").last)
        #expect(announced.contains("done, kept although the definition changed"))
        let restart = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
        #expect(restart.output.contains(announced))
    }

    @Test func aPlanDoesNotWaitForARunThatIsUnderWay() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: NoOp}, b: {task: Block, dependencies: [a], parameters: {marker: m}}}"
        try sandbox.write(job, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        waitUntil { sandbox.exists("m") }
        let plan = try sandbox.start(["plan", "-r", "-j", "job.yaml"]).wait()
        #expect(plan.exitCode == 0)
        #expect(plan.output.contains("b  Block  after a  (was running, runs again)"))
        running.signal(SIGINT)
        running.signalAgain(SIGINT)
        _ = try running.wait()
    }

    @Test func aDamagedCheckpointIsAnErrorOfThePlan() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path(".flowmancer"), withIntermediateDirectories: false)
        try sandbox.write("nonsense", to: ".flowmancer/demo.checkpoint")
        chmod(sandbox.path(".flowmancer/demo.checkpoint"), 0o600)
        let plan = try run("plan", "-r", "-j", "job.yaml", in: sandbox)
        #expect(plan.exitCode == 99)
        #expect(plan.errors.hasPrefix("error: "))
    }

    // MARK: graph

    @Test(arguments: ["mermaid", "dot", "svg"]) func aGraphIsDrawn(format: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let graph = try run("graph", "-j", "job.yaml", "--format", format, in: sandbox)
        #expect(graph.exitCode == 0)
        for name in ["start", "left", "right", "end"] { #expect(graph.output.contains(name)) }
        let written = try sandbox.start(["graph", "-j", "job.yaml", "--format", format, "-o", "out"]).wait()
        #expect(written.output.isEmpty)
        #expect(try sandbox.read("out") == graph.output)
        let refused = try sandbox.start(["graph", "-j", "job.yaml", "-o", "no/such/file"]).wait()
        #expect(refused.exitCode == 1)
        let reason = "error: cannot write the file 'no/such/file': No such file or directory; check the path, or choose"
        #expect(refused.errors.hasPrefix(reason))
        #expect(refused.errors.contains("with '--output'"))
    }

    @Test func aGraphNeedsOrderButNoTypes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let foreign = "tasks: {a: {task: Unknown}, b: {task: Unknown, dependencies: [a]}}"
        let mermaid = try run("graph", "-j", "job.yaml", job: foreign, in: sandbox).output
        #expect(mermaid == "flowchart TD\n    t0[\"a\"]\n    t1[\"b\"]\n    t0 --> t1\n")
        let cycle = "tasks: {a: {task: U, dependencies: [b]}, b: {task: U, dependencies: [a]}}"
        let refused = try run("graph", "-j", "job.yaml", job: cycle, in: sandbox)
        #expect(refused.exitCode == 1)
        #expect(refused.errors.contains("in a circle"))
    }

    @Test(.enabled(if: Tools.has("dot"), "Graphviz is not installed"))
    func graphvizReadsWhatIsWritten() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"tasks: {'a"b\c <&> {x|y}': {task: NoOp}, 'ä \N': {task: NoOp, dependencies: ['a"b\c <&> {x|y}']}}"#
        try sandbox.write(job, to: "job.yaml")
        _ = try sandbox.start(["graph", "-j", "job.yaml", "--format", "dot", "-o", "job.dot"]).wait()
        let svg = try Running(
            Tools.path("dot"),
            ["-Tsvg", "job.dot"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(svg.exitCode == 0, "\(svg.errors)")
        #expect(svg.output.contains("a&quot;b\\c &lt;&amp;&gt; {x|y}"))
        #expect(svg.output.contains("ä \\N"))
    }

    // MARK: all of them

    @Test func controlCharactersDoNotReachTheTerminal() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: "j\e[31m"}
            tasks:
              "a": {task: Print, parameters: {text: "x\e[1m\ny"}}
            """#
        for command in ["plan", "graph", "graph --format dot", "graph --format svg", "validate"] {
            let arguments = command.split(separator: " ").map(String.init) + ["-j", "job.yaml"]
            try sandbox.write(job, to: "job.yaml")
            let result = try sandbox.start(arguments).wait()
            #expect(result.exitCode == 0)
            #expect(!result.output.contains("\u{1B}") && !result.errors.contains("\u{1B}"))
        }
        let explained = try run("explain", "tasks.a.parameters.text", "-j", "job.yaml", job: job, in: sandbox)
        #expect(explained.output.hasPrefix(#"tasks.a.parameters.text = "x\u001b[1m\ny""#))
    }

    @Test func aReaderThatLeavesEarlyDoesNoHarm() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (0..<20_000).map { "  t\($0): {task: NoOp}" }.joined(separator: "\n")
        try sandbox.write("tasks:\n\(tasks)", to: "job.yaml")
        let program = Products.path("test-app")
        for command in ["plan -j job.yaml", "graph -j job.yaml", "tasks --json", "schema", "explain tasks -j job.yaml"]
        {
            let script = "set -o pipefail; '\(program)' \(command) | head -c 20 >/dev/null; echo \"${PIPESTATUS[0]}\""
            let result = try Running("/bin/bash", ["-c", script], in: sandbox.directory, environment: [:]).wait()
            #expect(result.output == "0\n", "\(command): \(result.output) \(result.errors)")
        }
    }

    @Test(arguments: ["> /dev/full", ">&-"]) func whatCannotBePrintedIsAnError(output: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: NoOp}}", to: "job.yaml")
        let program = Products.path("test-app")
        for command in [
            "plan -j job.yaml", "plan --json -j job.yaml", "graph -j job.yaml", "tasks", "plugins --json", "schema",
            "explain tasks -j job.yaml", "validate job.yaml",
        ] {
            let script = "'\(program)' \(command) \(output)"
            let result = try Running("/bin/bash", ["-c", script], in: sandbox.directory, environment: [:]).wait()
            #expect(result.exitCode == 99, "\(command): \(result.errors)")
            #expect(result.errors.hasPrefix("error: cannot write to the standard output: "), "\(command)")
        }
    }

    @Test(arguments: ["plan", "graph", "explain tasks", "validate"])
    func withoutAJobFileTheCommandSaysHowToNameOne(command: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.start(command.split(separator: " ").map(String.init)).wait()
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("no job file is given; name one with -j"))
    }

    @Test func theProgramWithTheBuiltInsRunsAndExplainsJobs() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {a: {task: Shell, parameters: {command: echo hello}}}", to: "job.yaml")
        #expect(try sandbox.start(["-j", "job.yaml"], program: "flowmancer").wait().exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - hello"])
        let tasks = try sandbox.start(["tasks"], program: "flowmancer").wait()
        #expect(tasks.output.contains("  Shell  in FlowmancerPlugins\n"))
    }
}

/// Programs of the system that tests use.
enum Tools {
    static func has(_ name: String) -> Bool { find(name) != nil }

    static func path(_ name: String) -> String { find(name) ?? name }

    private static func find(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
            .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
