import FlowmancerCore
import FoundationEssentials
import Glibc
import Testing

@testable import FlowmancerJobFile

@Suite struct IncludeTests {
    private static let template = """
        config:
          name: generic-template

        tasks:
          do-something:
            task: DoSomething
            parameters:
              some_required_param: I am a required string parameter
        """
    private static let addOn = """
        tasks:
          cleanup:
            task: Cleanup
            dependencies:
              - do-something
        """
    private static let complete = """
        tasks:
          do-something:
            task: Do Something
            parameters:
              added_optional_param: 99
        """

    @Test(
        arguments: [
            (
                "include:\n  - ./jobdefs/template.yaml\n\n",
                "config:\n  name: complete-job\n\ninclude:\n  - ./jobdefs/cleanup_addon.yaml\n\n"
            ),
            (
                "",
                """
                config:
                  name: complete-job

                include:
                  - ./jobdefs/template.yaml
                  - ./jobdefs/cleanup_addon.yaml

                """
            ),
        ]
    )
    func bothLayoutsOfTheManualMergeAlike(addOnHead: String, completeHead: String) throws {
        let directory = try JobDirectory([
            "jobdefs/template.yaml": Self.template,
            "jobdefs/cleanup_addon.yaml": addOnHead + Self.addOn,
            "jobdefs/complete.yaml": completeHead + Self.complete,
        ])
        let job = directory.load("jobdefs/complete.yaml")
        #expect(job.issues == [])
        var expected = JobDefinition(name: "complete-job")
        expected.tasks["do-something"] = TaskDefinition(
            "Do Something",
            parameters: [
                "some_required_param": "I am a required string parameter", "added_optional_param": 99,
            ]
        )
        expected.tasks["cleanup"] = TaskDefinition("Cleanup")
        expected.tasks["cleanup"]?.dependencies = ["do-something"]
        #expect(job.definition == expected)
    }

    @Test func laterSpellingReplacesAnother() throws {
        let directory = try JobDirectory([
            "base.yaml": "tasks: {a: {variant: Old, depends_on: [x, y]}, b: {task: T, dependencies: [x]}}",
            "job.yaml": "include: [base.yaml]\ntasks: {a: {task: New, dependencies: [z]}, b: {depends_on: []}}",
        ])
        let job = directory.load("job.yaml")
        #expect(job.issues == [])
        #expect(job.definition.tasks["a"]?.variant == "New")
        #expect(job.definition.tasks["a"]?.dependencies == ["z"])
        #expect(job.definition.tasks["b"]?.dependencies == [])
    }

    @Test func nothingInThePlaceOfATaskRemovesIt() throws {
        let directory = try JobDirectory([
            "base.yaml": "tasks: {a: {task: T}, b: {task: T}, c: {task: T, max_attempts: 2}}",
            "next.yaml": "tasks: {a: null, c: ~}",
            "job.yaml": "include: [base.yaml, next.yaml]\ntasks: {c: {task: U}, d: {task: T}}",
        ])
        let job = directory.load("job.yaml")
        #expect(job.issues == [])
        #expect(Array(job.definition.tasks.keys) == ["b", "c", "d"])
        // Nothing of what was removed is left.
        #expect(job.definition.tasks["c"] == TaskDefinition("U"))
    }

    @Test func nothingInThePlaceOfAnUnknownTaskIsAnError() throws {
        let directory = try JobDirectory([
            "base.yaml": "tasks: {a: {task: T}}",
            "job.yaml": "include: [base.yaml]\ntasks: {aa: null}",
        ])
        let job = directory.load("job.yaml")
        #expect(job.issues.count == 1)
        #expect(job.issues.first?.description.contains("job.yaml:2:") == true)
        #expect(job.issues.first?.path == ParameterPath("tasks", "aa"))
    }

    @Test func diamondIsMergedWhereFirstMet() throws {
        let directory = try JobDirectory([
            "base.yaml": "config: {name: base, max_concurrency: 1}",
            "left.yaml": "include: [./base.yaml]\nconfig: {name: left, max_concurrency: 2}",
            "right.yaml": "include: [sub/../base.yaml]\nconfig: {extension_packages: [P]}",
            "job.yaml": "include: [left.yaml, right.yaml]\ntasks: {a: {task: T}}",
        ])
        let job = directory.load("job.yaml")
        #expect(job.issues == [])
        #expect(job.definition.configuration.name == "left")
        #expect(job.definition.configuration.maxConcurrency == 2)
        #expect(job.definition.configuration.extensionPackages == ["P"])
    }

    @Test func listsAndScalarsAreReplaced() throws {
        let directory = try JobDirectory([
            "base.yaml": "tasks: {a: {task: T, parameters: {list: [{x: 1}, 2], deep: {p: 1, q: {r: 1}}, scalar: {}}}}",
            "job.yaml": "include: [base.yaml]\n"
                + "tasks: {a: {parameters: {list: [{y: 1}], deep: {q: {s: 2}, p: null}, scalar: 1}}}",
        ])
        #expect(
            directory.load("job.yaml").definition.tasks["a"]?.parameters == [
                "list": [["y": 1]], "deep": ["p": nil, "q": ["r": 1, "s": 2]], "scalar": 1,
            ]
        )
    }

    /// What a file that cannot be used would have defined is not missed.
    @Test(arguments: ["missing.yaml", "broken.yaml", "list.yaml", "empty.yaml", "''"])
    func aFileThatCannotBeUsedIsOneError(name: String) throws {
        let directory = try JobDirectory([
            "job.yaml": """
            include: [\(name)]
            tasks: {a: {parameters: {x: 1}, dependencies: [other]}}
            loggers: {l: {parameters: {}}}
            checkpointer: {parameters: {}}
            """,
            "broken.yaml": "tasks: {", "list.yaml": "[1]", "empty.yaml": "",
        ])
        let job = directory.load("job.yaml", variables: ["unused": "x"])
        #expect(job.issues.count == 1, "\(job.issues)")
        #expect(!job.isComplete)
        #expect(job.report(adding: [JobIssue(.selfDependency, at: ParameterPath("tasks", "a"))]).count == 1)
        #expect(throws: InvalidJobError.self) { try job.get() }
    }

    @Test func cyclePrintsTheChain() throws {
        let directory = try JobDirectory([
            "job.yaml": "tasks: {a: {task: T}}\ninclude:\n  - ./b.yaml",
            "b.yaml": "include:\n  - c.yaml",
            "c.yaml": "include:\n  - ok.yaml\n  - b.yaml",
            "ok.yaml": "config: {name: ok}",
            "self.yaml": "include: [self.yaml]",
        ])
        #expect(
            directory.messages("job.yaml") == [
                "c.yaml:3:5: error: include[1]: the files include each other in a circle: ./b.yaml → c.yaml → b.yaml"
            ]
        )
        #expect(
            directory.messages("self.yaml") == [
                "self.yaml:1:11: error: include[0]: the files include each other in a circle: self.yaml → self.yaml"
            ]
        )
    }

    @Test func aFileIsTheSameByWhicheverPath() throws {
        let directory = try JobDirectory([
            "base.yaml": "config: {name: base}",
            "left.yaml": "include: [base.yaml]\nconfig: {name: left}",
            "job.yaml": "include: [left.yaml, link.yaml, linked/base.yaml, hard.yaml]\ntasks: {a: {task: T}}",
            "ring.yaml": "include: [ring-link.yaml]\ntasks: {a: {task: T}}",
        ])
        try directory.link("link.yaml", to: "base.yaml")
        try directory.link("linked", to: ".")
        try directory.link("ring-link.yaml", to: "ring.yaml")
        try FileManager.default.linkItem(atPath: "\(directory.path)/base.yaml", toPath: "\(directory.path)/hard.yaml")
        let job = directory.load("job.yaml")
        #expect(job.issues == [])
        #expect(job.definition.configuration.name == "left")
        #expect(
            directory.messages("ring.yaml") == [
                "ring.yaml:1:11: error: include[0]: the files include each other in a circle: "
                    + "ring.yaml → ring-link.yaml"
            ]
        )
    }

    @Test(.timeLimit(.minutes(1))) func anIncludedPipeOrDeviceIsRefused() throws {
        let directory = try JobDirectory([
            "job.yaml": "include:\n  - pipe.yaml\n  - /dev/zero\n  - pipe.yaml\ntasks: {a: {task: T}}"
        ])
        #expect(mkfifo("\(directory.path)/pipe.yaml", 0o600) == 0)
        let reason = "it is a pipe, a socket or a device; include a regular file"
        #expect(
            directory.messages("job.yaml") == [
                "job.yaml:2:5: error: include[0]: cannot read pipe.yaml: \(reason)",
                "job.yaml:3:5: error: include[1]: cannot read /dev/zero: \(reason)",
            ]
        )
    }

    @Test func filesThatCannotBeReadAreLocated() throws {
        let directory = try JobDirectory([
            "job.yaml": "include:\n  - missing.yaml\n  - folder\n  - empty.yaml\n  - list.yaml\ntasks: {a: {task: T}}",
            "folder/x": "",
            "empty.yaml": "# nothing\n",
            "list.yaml": "\n- a\n",
        ])
        #expect(
            directory.messages("job.yaml") == [
                "job.yaml:2:5: error: include[0]: cannot read missing.yaml: No such file or directory; "
                    + "paths in 'include' start from the app root, <root>",
                "job.yaml:3:5: error: include[1]: cannot read folder: Is a directory; "
                    + "paths in 'include' start from the app root, <root>",
                "empty.yaml:1:1: error: the file is empty; expected a mapping with 'tasks' in it",
                "list.yaml:2:1: error: expected a mapping with 'tasks' in it, found a list of one item",
            ]
        )
        #expect(directory.messages("none.yaml") == ["error: cannot read none.yaml: No such file or directory"])
    }

    @Test(
        arguments: [
            ("include: a.yaml", "1:10: error: include: expected a list of paths, found the text \"a.yaml\""),
            ("include:", "1:9: error: include: expected a list of paths, found nothing"),
            ("include: {a: b}", "1:10: error: include: expected a list of paths, found a mapping of one key"),
            ("include: [3]", "1:11: error: include[0]: expected the path of a file, found the number 3"),
            ("include: ['']", "1:11: error: include[0]: expected the path of a file, found the text \"\""),
            ("include: [[a]]", "1:11: error: include[0]: expected the path of a file, found a list of one item"),
        ]
    )
    func includeOfAnotherShapeIsRefused(text: String, message: String) throws {
        #expect(try messagesOfYAML(text + "\ntasks: {a: {task: T}}") == ["job.yaml:" + message])
    }

    @Test func pathsExpandVariablesAndFormatsMix() throws {
        let directory = try JobDirectory([
            "job.yaml": "include:\n  - $VAR{stage}.json\ntasks: {a: {task: T}}",
            "dev.json": #"{"config": {"name": "dev"}, "include": ["more.yml"]}"#,
            "more.yml": "config:\n  max_concurrency: 3",
        ])
        let job = directory.load("job.yaml", variables: ["stage": "dev"])
        #expect(job.issues == [])
        #expect(job.definition.configuration.name == "dev")
        #expect(job.definition.configuration.maxConcurrency == 3)
    }

    /// The task of `b` may stand in the file that is broken.
    @Test func errorsOfAllFilesAreReportedInTheirOrder() throws {
        let directory = try JobDirectory([
            "job.yaml": "include: [b.yaml, c.yaml]\ntasks:\n  a: {task: T, max_attempts: x}\n  b: {}",
            "b.yaml": "tasks: {a: {backof: 1}}\nconfig: {nmae: x}",
            "c.yaml": "tasks: [",
        ])
        #expect(
            directory.messages("job.yaml") == [
                "job.yaml:3:30: error: tasks.a.max_attempts: expected an integer, found the text \"x\"",
                "b.yaml:1:13: error: tasks.a.backof: unknown key 'backof'; did you mean 'backoff'?",
                "b.yaml:2:10: error: config.nmae: unknown key 'nmae'; did you mean 'name'?",
                "c.yaml:2:1: error: tasks[0]: expected a value; check that all brackets and braces before are closed",
            ]
        )
    }

    @Test func includesOfGreatDepthAreRefused() throws {
        let directory = try JobDirectory()
        for number in 0..<150 {
            try directory.write("\(number).yaml", Array("include: [\(number + 1).yaml]".utf8))
        }
        #expect(
            directory.messages("0.yaml") == [
                "99.yaml:1:11: error: include[0]: includes are nested more than 100 levels deep"
            ]
        )
    }
}
