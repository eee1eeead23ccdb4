import FlowmancerCore
import Testing

@testable import FlowmancerJobFile

@Suite struct JobDecodingTests {
    @Test func allSettingsAreRead() throws {
        let job = try loadYAML(
            """
            version: 0.2
            config:
              name: 'most-important-job'
              max_concurrency: "20"
              extension_directories:
                - ./client_implementations
                - /opt/flowmancer/tasks
              extension_packages: [internal_flowmancer_package]
              synchro_interval_seconds: 0.5
              loggers_interval_seconds: 2
              extensions_interval_seconds: 250ms
              checkpointer_interval_seconds: 1m30s
              task_timeout: 1h30m
              abort_grace_seconds: 0
              plugin_grace_seconds: "3.5"
              isolation: process
              merge_output: true
            tasks:
              a: {variant: T, depends_on: [], max_attempts: 3.0, backoff: 1h30m, timeout: 500ms, isolation: pool}
              b: {task: T, timeout: none, merge_output: no}
            loggers:
              l: {logger: L, parameters: {x: 1}}
              m: {variant: M}
            extensions: {e: {extension: E}}
            checkpointer: {checkpointer: C, parameters: {host: h}}
            """
        )
        #expect(job.issues == [])
        var expected = JobDefinition(name: "most-important-job")
        expected.version = 0.2
        expected.configuration.maxConcurrency = 20
        expected.configuration.extensionDirectories = ["./client_implementations", "/opt/flowmancer/tasks"]
        expected.configuration.extensionPackages = ["internal_flowmancer_package"]
        expected.configuration.synchroInterval = .milliseconds(500)
        expected.configuration.loggersInterval = .seconds(2)
        expected.configuration.extensionsInterval = .milliseconds(250)
        expected.configuration.checkpointerInterval = .seconds(90)
        expected.configuration.taskTimeout = .limited(to: .seconds(5_400))
        expected.configuration.abortGrace = .zero
        expected.configuration.pluginGrace = .milliseconds(3_500)
        expected.configuration.isolation = .process
        expected.configuration.mergesOutput = true
        expected.tasks["a"] = TaskDefinition("T")
        expected.tasks["a"]?.maxAttempts = 3
        expected.tasks["a"]?.backoff = Backoff(first: .seconds(5_400))
        expected.tasks["a"]?.timeout = .limited(to: .milliseconds(500))
        expected.tasks["a"]?.isolation = .pool
        expected.tasks["b"] = TaskDefinition("T")
        expected.tasks["b"]?.timeout = .unlimited
        expected.tasks["b"]?.mergesOutput = false
        expected.loggers = ["l": PluginDefinition("L", parameters: ["x": 1]), "m": PluginDefinition("M")]
        expected.extensions = ["e": PluginDefinition("E")]
        expected.checkpointer = PluginDefinition("C", parameters: ["host": "h"])
        #expect(job.definition == expected)
    }

    @Test func sectionLeftOutOrEmptyMeansTheDefault() throws {
        let defaults = JobDefinition()
        for text in ["", "loggers:\nextensions: ~\ncheckpointer: null\n"] {
            let job = try loadYAML(text + "tasks: {a: {task: T}}")
            #expect(job.issues == [])
            #expect(job.definition.loggers == defaults.loggers)
            #expect(job.definition.extensions == defaults.extensions)
            #expect(job.definition.checkpointer == defaults.checkpointer)
        }
        let none = try loadYAML("loggers: {}\nextensions: {}\ntasks: {a: {task: T}}")
        #expect(none.issues == [])
        #expect(none.definition.loggers.isEmpty && none.definition.extensions.isEmpty)
    }

    @Test(
        arguments: [
            ("tasks:", "1:7: error: tasks: expected a mapping of task names to tasks, found nothing"),
            ("tasks: [a]", "1:8: error: tasks: expected a mapping of task names to tasks, found a list of one item"),
            ("tasks: {a: }", "1:12: error: tasks.a: expected a mapping with 'task' in it, found nothing"),
            ("tasks: {a: T}", "1:12: error: tasks.a: expected a mapping with 'task' in it, found the text \"T\""),
            (
                "tasks: {a: {}}",
                "1:9: error: tasks.a: the required key 'task' is missing; expected the name of a task type"
            ),
            ("tasks: {a: {task: }}", "1:19: error: tasks.a.task: expected the name of a task type, found nothing"),
            (
                "tasks: {a: {variant: 5}}",
                "1:22: error: tasks.a.variant: expected the name of a task type in quotes, found the number 5"
            ),
            (
                "tasks: {a: {task: T, dependencies: b}}",
                "1:36: error: tasks.a.dependencies: expected a list of task names ([] for none), found the text \"b\""
            ),
            (
                "tasks: {a: {task: T, depends_on: }}",
                "1:34: error: tasks.a.depends_on: expected a list of task names ([] for none), found nothing"
            ),
            (
                "tasks: {a: {task: T, depends_on: [[b]]}}",
                "1:35: error: tasks.a.depends_on[0]: expected the name of a task, found a list of one item"
            ),
            (
                "tasks: {a: {task: T, dependencies: [~]}}",
                "1:37: error: tasks.a.dependencies[0]: expected the name of a task, found nothing"
            ),
            (
                "tasks: {a: {task: T, variant: U}}",
                "1:22: error: tasks.a.variant: 'task' and 'variant' are two spellings of one key; keep one of them"
            ),
            (
                "tasks: {a: {depends_on: [], task: T, dependencies: []}}",
                "1:38: error: tasks.a.depends_on: 'dependencies' and 'depends_on' are two spellings of one key; "
                    + "keep one of them"
            ),
            (
                "tasks: {a: {task: T, max_attempts: 1.5}}",
                "1:36: error: tasks.a.max_attempts: expected an integer, found the number 1.5"
            ),
            (
                "tasks: {a: {task: T, backoff: -1}}",
                "1:31: error: tasks.a.backoff: expected a duration of at most 30 years: seconds, or text such as 90s, "
                    + "1h30m, 250ms, or a mapping such as {first: 1s, factor: 2}, found the number -1"
            ),
            (
                "tasks: {a: {task: T, isolation: proces}}",
                "1:33: error: tasks.a.isolation: expected one of: pool, process, found the text \"proces\"; "
                    + "did you mean 'process'?"
            ),
            (
                "tasks: {a: {task: T, parameters: }}",
                "1:34: error: tasks.a.parameters: expected a mapping of parameters ({} for none), found nothing"
            ),
            (
                "tasks: {a: {task: T, max_atempts: 2}}",
                "1:22: error: tasks.a.max_atempts: unknown key 'max_atempts'; did you mean 'max_attempts'?"
            ),
            ("config:", "1:8: error: config: expected a mapping of settings, such as name, found nothing"),
            (
                "config: {name: 5}",
                "1:16: error: config.name: expected the job's name (text) in quotes, "
                    + "found the number 5"
            ),
            (
                "config: {maxconcurrency: 5}",
                "1:10: error: config.maxconcurrency: unknown key 'maxconcurrency'; did you mean 'max_concurrency'?"
            ),
            (
                "config: {extension_directories: x}",
                "1:33: error: config.extension_directories: expected a list (each item: text), found the text \"x\""
            ),
            ("version: new", "1:10: error: version: expected a number, found the text \"new\""),
            ("task: {}", "1:1: error: task: unknown key 'task'; did you mean 'tasks'?"),
            (
                "loggers: [x]",
                "1:10: error: loggers: expected a mapping of names to loggers ({} for none), found a list of one item"
            ),
            (
                "loggers: {x: {parameters: {}}}",
                "1:11: error: loggers.x: the required key 'logger' is missing; expected the name of a type for a logger"
            ),
            (
                "extensions: {x: {logger: E, extension: E}}",
                "1:18: error: extensions.x.logger: unknown key 'logger'; expected one of: extension, parameters, variant"
            ),
            ("loggers: {x: }", "1:14: error: loggers.x: expected a mapping with 'logger' in it, found nothing"),
            (
                "checkpointer: {}",
                "1:1: error: checkpointer: the required key 'checkpointer' is missing; "
                    + "expected the name of a type for a checkpointer"
            ),
            (
                "checkpointer: {checkpointer: C, variant: D}",
                "1:33: error: checkpointer.variant: 'checkpointer' and 'variant' are two spellings of one key; "
                    + "keep one of them"
            ),
        ]
    )
    func mistakeIsWordedAndLocated(text: String, message: String) throws {
        #expect(try messagesOfYAML(text) == ["job.yaml:" + message])
    }

    @Test func allMistakesAreReportedAtOnceAndTheRestIsRead() throws {
        let job = try loadYAML(
            """
            vresion: 1
            config: {name: [], max_concurrency: many}
            tasks:
              a: {task: T, backoff: soon, parameters: {x: 1}}
              b: {depends_on: [a, {}], parameters: []}
              c:
            loggers: 5
            """
        )
        #expect(
            job.issues.map(\.path.description) == [
                "vresion", "config.name", "config.max_concurrency", "tasks.a.backoff", "tasks.b",
                "tasks.b.depends_on[1]", "tasks.b.parameters", "tasks.c", "loggers",
            ]
        )
        #expect(job.definition.tasks["a"]?.parameters == ["x": 1])
        #expect(job.definition.tasks["b"]?.dependencies == ["a"])
        #expect(throws: InvalidJobError.self) { try job.get() }
    }

    @Test func sourceMapFindsWhatStandsAndWhatDoesNot() throws {
        let directory = try JobDirectory([
            "base.yaml": "tasks:\n  a:\n    task: Old\n    parameters:\n      x: 1",
            "job.yaml": """
            include: [base.yaml]
            tasks:
              a:
                variant: T
                depends_on:
                  - b
                  - c
                parameters: {y: [1, {z: 2}]}
            """,
        ])
        let map = try #require(directory.load("job.yaml").definition.sourceMap)
        func place(_ location: FlowmancerCore.SourceLocation?) -> String {
            location.map { "\($0)".replacing("\(directory.path)/", with: "") } ?? "nowhere"
        }
        let task = ParameterPath("tasks", "a")
        #expect(place(map.location(of: task.appending("task"))) == "job.yaml:4:14")
        #expect(place(map.keyLocation(of: task.appending("task"))) == "job.yaml:4:5")
        #expect(place(map.location(of: task.appending("dependencies").appending(1))) == "job.yaml:7:9")
        #expect(place(map.keyLocation(of: task.appending("dependencies"))) == "job.yaml:5:5")
        #expect(place(map.location(of: task.appending("parameters").appending("x"))) == "base.yaml:5:10")
        let deep = task.appending("parameters").appending("y").appending(1).appending("z")
        #expect(place(map.location(of: deep)) == "job.yaml:8:29")
        #expect(place(map.keyLocation(of: deep)) == "job.yaml:8:26")
        #expect(place(map.location(of: deep.appending("none"))) == "job.yaml:8:29")
        #expect(place(map.location(of: task.appending("max_attempts"))) == "job.yaml:4:5")
        #expect(place(map.keyLocation(of: task.appending("max_attempts"))) == "job.yaml:3:3")
        #expect(place(map.location(of: ParameterPath("config"))) == "job.yaml:1:1")
        #expect("\(map.spelling(of: task.appending("dependencies").appending(0)))" == "tasks.a.depends_on[0]")
    }

    @Test func checksAfterLoadingKnowThePlaces() throws {
        let directory = try JobDirectory([
            "job.yaml": """
            tasks:
              a:
                task: T
                depends_on: [b, c]
              b:
                task: T
                dependencies: [a]
            """
        ])
        let job = try directory.load("job.yaml").get().definition
        let issues = JobValidator.validate(job, catalog: TypeCatalog()).filter { $0.path.description.contains("dep") }
        #expect(
            issues.map { $0.description.replacing("\(directory.path)/", with: "") } == [
                "job.yaml:4:21: error: tasks.a.depends_on[1]: no task is named 'c'; expected one of: a, b",
                "job.yaml:4:17: error: tasks.a.depends_on: the tasks depend on each other in a circle: a → b → a",
            ]
        )
    }

    @Test(
        arguments: [
            (
                "tasks: {a: {task: T, depends_on: [x], backof: 1}, b: {}}",
                ["a.backof", "a.depends_on[0]", "a.task", "b"]
            ),
            ("tasks: {a: {depends_on: [x], max_attempts: 0}}", ["a", "a.depends_on[0]", "a.max_attempts"]),
            ("tasks: {a: {task: 5, depends_on: x}, b: [], c: {task: T}}", ["a.depends_on", "a.task", "b", "c.task"]),
            ("tasks: {a: {task: T, task: U}}", ["a.task", "a.task"]),
        ]
    )
    func reportHoldsWhatBothChecksFind(text: String, paths: [String]) throws {
        let job = try loadYAML(text)
        let later = JobValidator.validate(job.definition, catalog: TypeCatalog())
        let found = job.report(adding: later).map(\.path.description).filter { $0.hasPrefix("tasks.") }
        #expect(found.sorted() == paths.map { "tasks.\($0)" })
    }

    @Test(arguments: ["tasks: []", "tasks: {", "include: [none.yaml]\ntasks: {a: {task: T}}", "", "a: *b"])
    func reportLeavesOutWhatFollowsFromOthers(text: String) throws {
        let job = try loadYAML(text)
        let later = JobValidator.validate(job.definition, catalog: TypeCatalog())
            .filter { $0.path.description.hasPrefix("task") || $0.path.components.isEmpty }
        #expect(!later.isEmpty)
        #expect(job.report(adding: later) == job.issues)
    }
}
