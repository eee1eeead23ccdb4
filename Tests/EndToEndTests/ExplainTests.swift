import Foundation
import Testing

/// Where the values of a job come from.
@Suite(.ownThread) struct ExplainTests {
    private static let files = [
        "job.yaml": """
        include: [jobs/mid.yaml]
        tasks:
          a:
            parameters: {text: top}
          leak:
            task: Leak
            parameters:
              token: $ENV{TOKEN}
              logins:
                me: {user: someone, password: my-own-password}
                other: {password: my-own-password}
          foreign:
            task: NotHere
            parameters:
              key: $ENV{TOKEN}
          quotes:
            task: Print
            parameters:
              text: Bearer $ENV{TOKEN}
          sh: {task: Shell, parameters: {command: [echo, hi]}}
        """,
        "jobs/mid.yaml": """
        include: [jobs/base.yaml]
        tasks:
          a:
            max_attempts: $VAR{n:3}
            parameters: {text: middle}
        """,
        "jobs/base.yaml": "tasks:\n  a: {task: Print, max_attempts: 2, parameters: {text: base}}\n",
    ]

    private func explain(_ path: String, _ arguments: String...) throws -> Finished {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try FileManager.default.createDirectory(atPath: sandbox.path("jobs"), withIntermediateDirectories: false)
        for (name, text) in Self.files { try sandbox.write(text, to: name) }
        return try sandbox.start(
            ["explain", path, "-j", "job.yaml"] + arguments,
            environment: ["TOKEN": "sesame-opens"]
        ).wait()
    }

    @Test func theChainOfIncludesIsTold() throws {
        let result = try explain("tasks.a.parameters.text")
        #expect(result.exitCode == 0)
        #expect(
            result.output == """
                tasks.a.parameters.text = "top"
                  set at job.yaml:4:24
                  overrides "middle" from jobs/mid.yaml:5:24 (included: job.yaml → jobs/mid.yaml)
                  overrides "base" from jobs/base.yaml:2:56 (included: job.yaml → jobs/mid.yaml → jobs/base.yaml)

                """
        )
    }

    @Test func whatAValueOverridesIsToldInAListToo() throws {
        let lines = try explain("tasks.a").output
        #expect(
            lines.contains(
                "tasks.a.parameters.text = \"top\"  (job.yaml:4:24, overrides \"middle\" from jobs/mid.yaml:5:24 and 1 more)\n"
            ),
            "\(lines)"
        )
        #expect(
            lines.contains("tasks.a.max_attempts = 3  (jobs/mid.yaml:4:19, overrides 2 from jobs/base.yaml:2:34)\n"),
            "\(lines)"
        )
        let secret = try explain("tasks.leak").output
        #expect(secret.contains("tasks.leak.parameters.token = ***  (job.yaml:8:14)\n"))
    }

    @Test func theDefaultIsToldBesideAValueThatReplacesIt() throws {
        #expect(try explain("tasks.a.max_attempts").output.hasSuffix("\n  the default is 1\n"))
        #expect(try !explain("tasks.a.parameters.text").output.contains("default"))
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("config: {task_timeout: 5m}\ntasks:\n  a: {task: NoOp, timeout: 1m}", to: "job.yaml")
        let result = try sandbox.start(["explain", "tasks.a.timeout", "job.yaml"]).wait()
        #expect(
            result.output == """
                tasks.a.timeout = "1m"
                  set at job.yaml:3:28
                  overrides for this task: config.task_timeout = "5m"  (job.yaml:1:24)

                """
        )
    }

    @Test func variablesAreTold() throws {
        let fallback = try explain("tasks.a.max_attempts").output
        #expect(fallback.hasPrefix("tasks.a.max_attempts = 3\n  set at jobs/mid.yaml:4:19"))
        #expect(fallback.contains("\n  written as $VAR{n:3}\n  $VAR{n} is not set, so its default applies: \"3\"\n"))
        let given = try explain("tasks.a.max_attempts", "--var", "n=7").output
        #expect(given.hasPrefix("tasks.a.max_attempts = 7\n"))
        #expect(given.contains("\n  $VAR{n} is \"7\"\n"))
    }

    @Test(
        arguments: [
            ("config.max_concurrency", "config.max_concurrency = 0\n  no file sets it: this is the default\n"),
            (
                "tasks.a.isolation",
                """
                tasks.a.isolation: no file sets it, so the value of the job applies
                config.isolation = "pool"
                  no file sets it: this is the default

                """
            ),
            ("tasks.sh.parameters.cwd", "tasks.sh.parameters.cwd = null\n  no file sets it: this is the default\n"),
            ("tasks.sh.parameters.success_codes", "tasks.sh.parameters.success_codes[0] = 0  (default)\n"),
            (
                "tasks.sh.parameters.success_codes[0]",
                """
                tasks.sh.parameters.success_codes[0] = 0
                  no file sets it: this is part of the default of tasks.sh.parameters.success_codes

                """
            ),
            (
                "tasks.sh.parameters.command[1]",
                "tasks.sh.parameters.command[1] = \"hi\"\n  set at job.yaml:20:50\n"
            ),
            (
                "tasks.sh.parameters",
                """
                tasks.sh.parameters.command[0] = "echo"  (job.yaml:20:44)
                tasks.sh.parameters.command[1] = "hi"  (job.yaml:20:50)
                tasks.sh.parameters.env = {}  (default)
                tasks.sh.parameters.cwd = null  (default)
                tasks.sh.parameters.stdin = null  (default)
                tasks.sh.parameters.shell = null  (default)
                tasks.sh.parameters.success_codes[0] = 0  (default)
                tasks.sh.parameters.capture = null  (default)

                """
            ),
            (
                "tasks.leak.parameters.logins.other",
                """
                tasks.leak.parameters.logins.other.password = ***  (job.yaml:11:27)
                tasks.leak.parameters.logins.other.user = "user"  (default)

                """
            ),
            (
                "tasks.leak.parameters.key",
                "tasks.leak.parameters.key: no file sets it; its default, if it has one, is secret\n"
            ),
            (
                "checkpointer",
                """
                checkpointer: no file sets it, so the default applies: FlowmancerPlugins.FileCheckpointer, without parameters

                """
            ),
            (
                "loggers.file-logger",
                """
                loggers.file-logger: no file sets it, so the default applies: FlowmancerPlugins.FileLogger, without parameters

                """
            ),
            (
                "checkpointer.checkpointer",
                """
                checkpointer.checkpointer = "FlowmancerPlugins.FileCheckpointer"
                  no file sets it: this is the default

                """
            ),
            (
                "checkpointer.parameters.checkpoint_dir",
                """
                checkpointer.parameters.checkpoint_dir = "./.flowmancer"
                  no file sets it: this is the default

                """
            ),
            (
                "checkpointer.parameters",
                "checkpointer.parameters.checkpoint_dir = \"./.flowmancer\"  (default)\n"
            ),
        ]
    )
    func defaultsAreTold(path: String, text: String) throws {
        let result = try explain(path)
        #expect(result.output == text)
        #expect(result.exitCode == 0)
    }

    @Test(
        arguments: [
            (
                "tasks.a.parameters.txet",
                "nothing at 'tasks.a.parameters.txet'; did you mean 'tasks.a.parameters.text'?"
            ),
            ("tasks.laek.task", "nothing at 'tasks.laek'; did you mean 'tasks.leak.task'?"),
            ("config.nmae", "did you mean 'config.name'?"), ("task.a", "did you mean 'tasks.a'?"),
            (
                "nope",
                "nothing at 'nope'; expected one of: tasks, config, executors, loggers, extensions, checkpointer, "
                    + "history"
            ),
            ("extension", "did you mean 'extensions'?"),
            ("loggers.nope", "nothing at 'loggers.nope'; expected one of: file-logger"),
            ("checkpointer.parameters.checkpoint_dri", "did you mean 'checkpointer.parameters.checkpoint_dir'?"),
            ("tasks.a..b", "'tasks.a..b' is not a path"), ("tasks.zzz", "expected one of: a, leak, foreign, quotes"),
            (
                "tasks.sh.parameters.command[2]",
                "nothing at 'tasks.sh.parameters.command[2]'; 'tasks.sh.parameters.command' is a list of 2 items"
            ),
            (
                "tasks.sh.parameters.success_codes[1]",
                "no file sets 'tasks.sh.parameters.success_codes', and its default is a list of one item"
            ),
            ("tasks.sh.parameters.env.HOME", "no file sets 'tasks.sh.parameters.env', and its default is "),
            ("tasks.sh.dependencies[0]", "and its default is a list of 0 items"),

        ]
    )
    func whatIsNotThereIsAnErrorWithASuggestion(path: String, message: String) throws {
        let result = try explain(path)
        #expect(result.exitCode == 1)
        #expect(result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test(
        arguments: [
            "tasks", "tasks.leak", "tasks.leak.parameters.token", "tasks.leak.parameters.logins.me.password",
            "tasks.foreign.parameters.key", "tasks.quotes.parameters.text",
        ]
    )
    func noSecretIsShown(path: String) throws {
        let result = try explain(path)
        #expect(result.exitCode == 0)
        for secret in ["sesame", "my-own-password"] {
            #expect(!result.output.contains(secret) && !result.errors.contains(secret))
        }
        #expect(result.output.contains("***") || path.contains("foreign"))
    }

    @Test func allDefaultsOfTheConfigurationAreTold() throws {
        let lines = try explain("config").output
        #expect(lines.contains("config.max_concurrency = 0  (default)\n"))
        #expect(lines.contains("config.extension_packages = []  (default)\n"))
        #expect(lines.contains("config.task_timeout = \"none\"  (default)\n"))
    }

    @Test func whatIsNotSecretIsShownBesideWhatIs() throws {
        let tasks = try explain("tasks.leak").output
        #expect(tasks.contains("tasks.leak.parameters.logins.me.user = \"someone\"  (job.yaml:10:20)\n"))
        #expect(tasks.contains("tasks.leak.parameters.token = ***  (job.yaml:8:14)\n"))
        let token = try explain("tasks.leak.parameters.token").output
        #expect(token.contains("\n  $ENV{TOKEN} is ***\n"))
        #expect(
            try explain("tasks.foreign.parameters.key").output.hasPrefix("tasks.foreign.parameters.key = $ENV{TOKEN}\n")
        )
    }

    @Test func aFileThatCannotBeUnderstoodIsAnError() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write("tasks: {", to: "job.yaml")
        let result = try sandbox.start(["explain", "tasks", "-j", "job.yaml"]).wait()
        #expect(result.exitCode == 1)
        #expect(result.errors.hasPrefix("job.yaml:"))
    }
}
