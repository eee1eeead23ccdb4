import FlowmancerCore
import TestSupport
import Testing

@testable import FlowmancerJobFile

@Suite struct SubJobLoadingTests {
    private static let publish = """
        aliases:
          - &often {max_attempts: 3}
        tasks:
          build:
            <<: *often
            task: T
            parameters:
              channel: $VAR{channel}
              note: to $VAR{channel}
              count: $VAR{count:7}
          send:
            task: T
            depends_on: [build]
            when: $VAR{channel} == 'beta'
        """

    private func job(_ text: String, _ files: [String: String] = [:], variables: [String: String] = [:]) throws
        -> PartialJob
    {
        let files = files.merging(["job.yaml": text, "publish.yaml": Self.publish]) { first, _ in first }
        return try JobDirectory(files).load("job.yaml", variables: variables)
    }

    @Test func mappingIsFlattened() throws {
        let job = try job(
            """
            tasks:
              list: {task: T}
              publish:
                dependencies: [list]
                allow_failure: true
                job:
                  tasks:
                    build: {variant: T, parameters: {x: 1}}
                    sign:
                      depends_on: [build]
                      job: {tasks: {key: {task: T, max_attempts: 2}}}
              report: {task: T, dependencies: [publish/build]}
            """
        )
        #expect(job.issues.isEmpty, "\(job.issues)")
        let tasks = job.definition.tasks
        #expect(
            Array(tasks.keys) == ["list", "publish", "publish/build", "publish/sign", "publish/sign/key", "report"]
        )
        #expect(tasks.values.map(\.parent) == [nil, nil, "publish", "publish", "publish/sign", nil])
        #expect(tasks["publish"]?.subJob != nil && tasks["publish"]?.variant == "")
        #expect(tasks["publish"]?.allowsFailure == true)
        #expect(tasks["publish/sign"]?.dependencies == ["build"])
        #expect(tasks["publish/sign/key"]?.maxAttempts == 2)
        #expect(JobValidator.validateDependencies(job.definition).isEmpty)
    }

    @Test func fileSeesItsVariablesOnly() throws {
        let job = try job(
            "tasks:\n  publish: {job: ./publish.yaml, variables: {channel: beta}}\n",
            variables: ["count": "9"]
        )
        #expect(
            job.issues.map(\.message) == [
                "the variable 'count' has a value, but the job does not use $VAR{count}; it uses no $VAR{…}"
            ]
        )
        #expect(job.definition.tasks["publish"]?.subJob?.file == "./publish.yaml")
        let build = job.definition.tasks["publish/build"]
        #expect(build?.parameters == ["channel": "beta", "note": "to beta", "count": "7"])
        #expect(build?.maxAttempts == 3)
        #expect(try job.definition.tasks["publish/send"]?.when?.expression.get().constant == true)
    }

    @Test func oneFileServesSeveralTasks() throws {
        let job = try job(
            """
            tasks:
              a: {job: publish.yaml, variables: {channel: alpha, count: 1}}
              b:
                job: publish.yaml
                variables:
                  channel: [beta]
                  count: $VAR{n}
            """,
            variables: ["n": "5"]
        )
        let messages = job.issues.map(\.description)
        #expect(
            messages == [
                "publish.yaml:9:13: error: tasks.build.parameters.note: $VAR{channel} is a list or a mapping, which cannot be "
                    + "part of a text; write the variable alone (in the job of 'b')"
            ]
        )
        #expect(job.definition.tasks["a/build"]?.parameters["count"] == 1)
        #expect(job.definition.tasks["b/build"]?.parameters["channel"] == ["beta"])
        #expect(job.definition.tasks["b/build"]?.parameters["count"] == "5")
    }

    @Test func mappingSeesOuterVariables() throws {
        let job = try job(
            """
            tasks:
              a:
                variables:
                  x: 1
                  y: $VAR{outer}
                job:
                  tasks:
                    b:
                      task: T
                      parameters:
                        x: $VAR{x}
                        y: $VAR{y}
                        o: $VAR{outer}
                    c:
                      variables: {x: 2}
                      job:
                        tasks:
                          d:
                            task: T
                            parameters:
                              x: $VAR{x}
                              y: $VAR{y}
            """,
            variables: ["outer": "far"]
        )
        #expect(job.issues.isEmpty, "\(job.issues)")
        #expect(job.definition.tasks["a/b"]?.parameters == ["x": 1, "y": "far", "o": "far"])
        #expect(job.definition.tasks["a/c/d"]?.parameters == ["x": 2, "y": "far"])
    }

    @Test func filesIncludeOthersAndNestJobs() throws {
        let job = try job(
            "tasks:\n  p: {job: jobs/p.json}\n",
            [
                "jobs/p.json":
                    #"{"include": ["base.yaml"], "tasks": {"x": {"parameters": {"n": 2}}, "y": {"job": "q.yaml"}}}"#,
                "base.yaml": "tasks:\n  x: {task: T, parameters: {n: 1, m: 1}}\n",
                "q.yaml": "tasks:\n  z: {task: T}\n",
            ]
        )
        #expect(job.issues.isEmpty, "\(job.issues)")
        #expect(Array(job.definition.tasks.keys) == ["p", "p/x", "p/y", "p/y/z"])
        #expect(job.definition.tasks["p/x"]?.parameters == ["n": 2, "m": 1])
    }

    // MARK: Templates

    private let rows = ExpressionReference(.output, "list.rows")

    /// A scope as that of a sub-job whose variables are known in the run only.
    private func value(_ text: String, _ variables: [String: ParameterValue]) throws -> ParameterValue {
        var expander = VariableExpander(context: JobLoadingContext(appRoot: "/"))
        expander.scope = VariableScope(.init(uniqueKeysWithValues: variables), within: nil, isFile: true)
        var findings: [VariableExpander.Finding] = []
        let value = expander.expandedValue(of: text, findings: &findings)
        #expect(findings.isEmpty)
        return value
    }

    @Test func templatesAreRaisedAndJoined() throws {
        var raised = rows
        raised.level = 1
        let rowsValue = ParameterValue.template(ValueTemplate([.reference(rows)]))
        let whole = try value("$VAR{rows}", ["rows": rowsValue])
        #expect(whole == .template(ValueTemplate([.reference(raised)])))
        let text = try value("a $VAR{x} $VAR{rows}$VAR{x}.", ["rows": rowsValue, "x": 5])
        #expect(text == .template(ValueTemplate([.text("a 5 "), .reference(raised), .text("5.")])))
        let inner = ParameterValue.template(ValueTemplate([.text("n="), .reference(rows), .text("!")]))
        #expect(
            try value("<$VAR{v}>", ["v": inner])
                == .template(ValueTemplate([.text("<n="), .reference(raised), .text("!>")]))
        )
        #expect(try value("$VAR{l}", ["l": [rowsValue]]) == [.template(ValueTemplate([.reference(raised)]))])
    }

    @Test func conditionsSeeTemplates() throws {
        var expander = VariableExpander(context: JobLoadingContext(appRoot: "/"))
        let rowsValue = ParameterValue.template(ValueTemplate([.reference(rows)]))
        let compound = ParameterValue.template(ValueTemplate([.text("a"), .reference(rows)]))
        expander.scope = VariableScope(["rows": rowsValue, "c": compound, "n": 3], within: nil, isFile: true)
        func condition(_ text: String) -> TaskCondition {
            TaskCondition(text, template: { expander.template($0) }, lookup: { expander.lookup($0) })
        }
        #expect(try "\(condition("$VAR{rows} > $VAR{n}").expression.get())" == "$OUT{../list.rows} > 3")
        #expect(
            try "\(condition("defined($VAR{rows}) and $VAR{n} == 3").expression.get())"
                == "defined($OUT{../list.rows})"
        )
        #expect(throws: ExpressionError.self) { try condition("$VAR{c} == 'a'").expression.get() }
        #expect(try condition("defined($VAR{c})").expression.get().constant == true)
        #expect(TaskCondition("$STATE{../../a} == 'failed'").references.map(\.reference.level) == [2])
    }

    @Test func writtenLevelsReadBack() {
        for body in ["list.rows", "../list.rows", "../../a/b.c:=x", "../x.y:?why", "...x"] {
            let reference = (TaskCondition("defined($OUT{a.b}) or $OUT{\(body)} == 1").references.last?.reference)
            let again = TaskCondition("\(reference.map(String.init) ?? "") == 1").references.last?.reference
            #expect(reference == again, "\(body)")
        }
    }

    // MARK: Mistakes

    @Test(
        arguments: [
            (
                "tasks:\n  p: {job: publish.yaml, task: T, variables: {channel: b}}",
                "job.yaml:2:26: error: tasks.p.task: a task has either 'task' or 'job'; remove one of them"
            ),
            (
                "tasks:\n  p: {job: publish.yaml, parameters: {a: 1}, variables: {channel: b}}",
                "tasks.p.parameters: 'parameters' cannot stand beside 'job'; give the tasks of the job values by 'variables'"
            ),
            (
                "tasks:\n  p: {job: publish.yaml, max_attempts: 2, variables: {channel: b}}",
                "tasks.p.max_attempts: 'max_attempts' cannot stand beside 'job'; write it in the tasks of the job"
            ),
            ("tasks:\n  p: {task: T, variables: {a: 1}}", "tasks.p.variables: only a task with 'job' has 'variables'"),
            (
                "tasks:\n  p: {job: 5}",
                "tasks.p.job: expected a job file (its path from the app root), or a mapping with 'tasks' in it"
            ),
            ("tasks:\n  p: {job: [a]}", "tasks.p.job: expected a job file"),
            ("tasks:\n  p: {job: }", "tasks.p.job: expected a job file"),
            ("tasks:\n  p: {job: ''}", "tasks.p.job: expected a job file"),
            ("tasks:\n  p: {job: {}}", "tasks.p.job: the required key 'tasks' is missing"),
            ("tasks:\n  p: {job: {build: {task: T}}}", "tasks.p.job: the required key 'tasks' is missing"),
            (
                "tasks:\n  p: {job: {tasks: {}}}",
                "job.yaml:2:13: error: tasks.p.job.tasks: it is empty; expected at least one task"
            ),
            (
                "tasks:\n  p: {job: nowhere.yaml}",
                "tasks.p.job: cannot read nowhere.yaml: No such file or directory; paths in 'job' start from the app root"
            ),
            (
                "tasks:\n  p: {job: {tasks: {b: {tsk: T}}}}",
                "tasks.p.job.tasks.b.tsk: unknown key 'tsk'; did you mean 'task'?"
            ),
            (
                "tasks:\n  p: {job: wrong.yaml}",
                "wrong.yaml:2:7: error: tasks.x.tsk: unknown key 'tsk'; did you mean 'task'? (in the job of 'p')"
            ),
            (
                "tasks:\n  p: {job: publish.yaml}",
                "publish.yaml:8:16: warning: tasks.build.parameters.channel: $VAR{channel} is not set"
            ),
            (
                "tasks:\n  p: {job: publish.yaml, variables: {chanel: b}}",
                "tasks.p.variables.chanel: the variable 'chanel' has a value, but the job does not use $VAR{chanel}; did you mean "
                    + "$VAR{channel}?"
            ),
            (
                "tasks:\n  p: {job: a.yaml}",
                "b.yaml:2:12: error: tasks.p.job: the jobs contain each other in a circle: a.yaml → b.yaml → a.yaml"
            ),
            (
                "tasks:\n  p: {job: job.yaml}",
                "tasks.p.job: the jobs contain each other in a circle: "
            ),
            (
                "tasks:\n  p/b: {task: T}\n  p: {job: {tasks: {b: {task: T}}}}",
                "job.yaml:2:3: error: tasks.p/b: 'p/b' is also the name of a task of 'p'; rename one of them"
            ),
            (
                "tasks:\n  p: {job: {tasks: {b: {task: T}}}}\n  p/b: {task: T}",
                "job.yaml:3:3: error: tasks.p/b: 'p/b' is also the name of a task of 'p'; rename one of them"
            ),
            (
                "tasks:\n  p: {job: {tasks: {b: {task: T}}, include: [x.yaml]}}",
                "tasks.p.job.include: only a file can include others"
            ),
            ("tasks:\n  p: {job: {tasks: {b: {task: T}}, loger: {}}}", "tasks.p.job.loger: unknown key 'loger'"),
            (
                "tasks:\n  p: {job: {tasks: {b: {task: T}}, config: {name: x}}}",
                "job.yaml:2:36: warning: tasks.p.job.config: 'config' is ignored here"
            ),
            ("tasks:\n  p: {job: plugins.yaml}", "plugins.yaml:2:1: warning: loggers: 'loggers' is ignored here"),
            ("tasks:\n  p: {job: empty.yaml}", "tasks.p.job: the job file empty.yaml has no 'tasks'"),
            (
                "tasks:\n  p: {job: list.yaml}",
                "list.yaml:1:1: error: expected a mapping with 'tasks' in it, found a list"
            ),
            (
                "tasks:\n  l: {task: T}\n  p: {job: {tasks: {b: {task: T, dependencies: [l]}}}}",
                "tasks.p.job.tasks.b.dependencies[0]: 'l' is outside of the job that the task belongs to; add it to the "
                    + "dependencies of 'p', whose tasks wait for those"
            ),
            (
                "tasks:\n  p: {job: {tasks: {b: {task: T, dependencies: [p]}}}}",
                "tasks.p.job.tasks.b.dependencies[0]: the task is part of 'p', so it cannot wait for it"
            ),
            (
                "tasks:\n  p: {job: {tasks: {build: {task: T}, c: {task: T, dependencies: [buidl]}}}}",
                "no task is named 'buidl'; did you mean 'build'?"
            ),
            (
                "tasks:\n  x: {task: T, dependencies: [p/b]}\n  p: {dependencies: [x], job: {tasks: {b: {task: T}}}}",
                "the tasks depend on each other in a circle: x → p/b → p → x"
            ),
            ("tasks:\n  p: {job: {tasks: {/b: {task: T}}}}", "'/b' cannot be a name: it is an absolute path"),
        ]
    )
    func mistakesAreLocated(_ text: String, _ expected: String) throws {
        let directory = try JobDirectory([
            "job.yaml": text, "publish.yaml": Self.publish, "wrong.yaml": "tasks:\n  x: {tsk: T}\n",
            "a.yaml": "tasks:\n  p: {job: b.yaml}\n", "b.yaml": "tasks:\n  p: {job: a.yaml}\n",
            "plugins.yaml": "tasks: {a: {task: T}}\nloggers: {}\n", "empty.yaml": "version: 0.1\n",
            "list.yaml": "[1]\n",
        ])
        let job = directory.load("job.yaml")
        var catalog = TypeCatalog()
        catalog.register(ForEachLoadingTests.Plain.self, as: "T")
        let issues = job.report(adding: JobValidator.validate(job.definition, catalog: catalog)).map {
            $0.description.replacing("\(directory.path)/", with: "")
        }
        #expect(issues.contains { $0.contains(expected) }, "\(issues.joined(separator: "\n"))")
    }

    @Test func nestingIsLimited() throws {
        var files: [String: String] = [:]
        for level in 0..<40 { files["\(level).yaml"] = "tasks:\n  t: {job: \(level + 1).yaml}\n" }
        let job = try job("tasks:\n  t: {job: 0.yaml}\n", files)
        #expect(job.issues.count == 1, "\(job.issues)")
        #expect(job.issues.first?.message == "jobs contain each other more than 20 levels deep")
    }

    // MARK: Dumps

    @Test(arguments: ["yaml", "json"], 0..<10) func dumpsNestAndReadBack(_ key: String, _ block: Int) throws {
        let formats: [any JobDefinitionFormat] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]
        let format = try #require(formats.first { $0.key == key })
        let directory = try JobDirectory()
        for seed in (block * 30)..<(block * 30 + 30) {
            var random = SeededGenerator(seed: UInt64(seed))
            let job = Self.randomJob(&random, depth: 0)
            let text = try format.dump(job)
            try directory.write("job.\(key)", Array(text.utf8))
            let loaded = directory.load("job.\(key)")
            #expect(loaded.definition == job && loaded.issues.isEmpty, "seed \(seed): \(loaded.issues)\n\(text)")
            #expect(try format.dump(loaded.definition) == text)
        }
    }

    private static func randomJob(_ random: inout SeededGenerator, depth: Int) -> JobDefinition {
        var job = JobDefinition(name: "job")
        for number in 0..<Int.random(in: 1...4, using: &random) {
            let name = ["a", "b.c", "d e", "f$VAR{x}", "\(number)"].randomElement(using: &random)! + "\(number)"
            let dependencies = random.chance(30) ? [job.tasks.keys.first ?? "*"] : []
            func configure(_ task: inout TaskDefinition) {
                if random.chance(40) {
                    task.forEach = [
                        ["eu", "$ENV{X}"], ["x": [1, 2], "items": ["a"]],
                        ForEach([["k": 1]], key: "k", maxConcurrency: 2),
                    ].randomElement(using: &random)!
                }
                if random.chance(30) {
                    task.when = TaskCondition("$STATE{a} == 'completed'")
                }
                task.allowsFailure = random.chance(30)
            }
            if depth < 3, random.chance(40) {
                let inner = randomJob(&random, depth: depth + 1)
                job.addJob(name, inner, dependsOn: dependencies, configure: configure)
            } else {
                var task = TaskDefinition("T", parameters: ["p": "$VAR{x} $$", "q": [1, nil]])
                task.dependencies = dependencies
                configure(&task)
                job.tasks[name] = task
            }
        }
        return job
    }

    @Test(arguments: ["yaml", "json"]) func valuesOfTheRunReachTasksAndReadBack(_ key: String) throws {
        let job = try job(
            """
            tasks:
              list: {task: T}
              p:
                for_each: $OUT{list.regions}
                variables:
                  channel: $ITEM{code:none}
                job: publish.yaml
              q:
                for_each:
                  region: $OUT{list.regions}
                job:
                  tasks:
                    list: {task: T}
                    b:
                      variables:
                        rows: $OUT{list.rows}
                      job:
                        tasks:
                          c:
                            task: T
                            parameters:
                              rows: $VAR{rows}
                              text: rows $VAR{rows} of $OUT{list.more}
            """
        )
        #expect(job.issues.isEmpty, "\(job.issues)")
        let tasks = job.definition.tasks
        #expect(tasks["p"]?.forEach?.items.isOpen == true)
        #expect(tasks["q"]?.forEach?.items.isOpen == true)
        func text(_ task: String, _ key: String) -> String? { tasks[task]?.parameters[key]?.scalarText }
        #expect(text("p/build", "channel") == "$ITEM{../code:=none}")
        #expect(text("p/build", "note") == "to $ITEM{../code:=none}")
        #expect(text("q/b/c", "text") == "rows $OUT{../list.rows} of $OUT{list.more}")
        let formats: [any JobDefinitionFormat] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]
        let format = try #require(formats.first { $0.key == key })
        let dumped = try format.dump(job.definition)
        let again = try JobDirectory(["job.\(key)": dumped]).load("job.\(key)")
        #expect(again.definition == job.definition && again.issues.isEmpty, "\(again.issues)\n\(dumped)")
    }

    // MARK: Files that were damaged

    /// Whatever a file looks like, it is read or refused.
    @Test(arguments: 0..<20) func damagedFilesAreSurvived(_ block: Int) throws {
        let text = """
            tasks:
              list: {task: T, for_each: {items: [a, {b: c}], key: k, max_concurrency: 2}}
              p:
                for_each: {x: [1, 2], y: [a]}
                variables: {channel: beta, n: [1]}
                when: $VAR{x:1} > 0
                job:
                  tasks:
                    b:
                      task: T
                      dependencies: [c/d]
                      when: $VAR{n} == 1
                    c:
                      job: publish.yaml
                      variables:
                        channel: $VAR{channel}
            """
        for seed in 0..<30 {
            var random = SeededGenerator(seed: UInt64(block * 30 + seed))
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                let position = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes.remove(at: position)
                case 1: bytes[position] = ":{}[],-&*!|'\" \nab".utf8.randomElement(using: &random)!
                default: bytes.insert(contentsOf: bytes[..<position].suffix(12), at: position)
                }
            }
            let directory = try JobDirectory(["publish.yaml": Self.publish])
            try directory.write("job.yaml", bytes)
            let job = directory.load("job.yaml")
            var catalog = TypeCatalog()
            catalog.register(ForEachLoadingTests.Plain.self, as: "T")
            for issue in job.report(adding: JobValidator.validate(job.definition, catalog: catalog)) {
                _ = issue.description
            }
            _ = try? YAMLJobDefinitionFormat().dump(job.definition)
        }
    }
}
