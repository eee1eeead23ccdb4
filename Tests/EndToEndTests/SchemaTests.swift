import Foundation
import Testing

/// The schema of job files, tried by a real validator on jobs that load and on jobs that do not.
@Suite(
    .ownThread,
    .enabled(
        if: Validator.isInstalled,
        "python3 has no jsonschema of at least 4 and yaml: apt-get install python3-jsonschema python3-yaml"
    )
)
struct SchemaTests {
    private static let valid = [
        "tasks: {a: {task: NoOp}}",
        "tasks: {a: {variant: test_app.NoOp, depends_on: []}}",
        "tasks: {2024: {task: NoOp}, b: {task: NoOp, dependencies: [2024]}}",
        "version: '0.1'\nconfig: {name: x, max_concurrency: '3', task_timeout: none}\ntasks: {a: {task: NoOp}}",
        "config: {abort_grace_seconds: 1m 30s, isolation: process, task_timeout: 1.5}\ntasks: {a: {task: NoOp}}",
        "tasks: {a: {task: Print, parameters: {text: hello}, max_attempts: 3, backoff: 250ms, timeout: NONE}}",
        "tasks: {a: {task: NoOp, backoff: {first: 1s, factor: 2, max: 2m, jitter: 0.5}, retry_on: [error, 75, 137-140]}}",
        "config: {max_failures: 3, timeout: 2h}\ntasks: {a: {task: NoOp, backoff: {first: 0}, retry_on: [timeout, BadInput]}}",
        "tasks:\n  a:\n    task: Increment\n    max_attempts: $ENV{N:3}\n    parameters:\n      times: $VAR{times:5}",
        "tasks: {a: {task: Increment, parameters: {times: ' 1_000 '}}}",
        "tasks: {a: {task: Increment, parameters: {times: 2.0}}}",
        "tasks: {a: {task: Leak, parameters: {token: t, key: null, logins: {me: {password: p}}}}}",
        "tasks: {a: {task: DownloadDataFromRestApi, parameters: {targetDir: d, apiDetails: {baseURL: u, endpoint: e}}}}",
        "tasks: {a: {task: DownloadDataFromRestApi, parameters: {target_dir: d, api_details: {protocol: HTTP, base_url: u, endpoint: e}}}}",
        "tasks: {a: {task: Shell, parameters: {command: [ls, -l], env: {A: b, C: null}, success_codes: [0, '1']}}}",
        "tasks: {a: {task: Shell, parameters: {command: ls, shell: /bin/sh}}}",
        "tasks: {a: {task: RepeatFlag, parameters: {value: yes}}, b: {task: 'Repeat<Int>', parameters: {value: 1}}}",
        "tasks: {a: {task: NoOp}}\nloggers:\nextensions: {}\ncheckpointer:",
        "tasks: {a: {task: NoOp}}\nloggers: {x: {variant: FileLogger, parameters: {retention_days: -1}}}",
        "tasks: {a: {task: NoOp}}\ncheckpointer: {checkpointer: FileCheckpointer, parameters: {checkpointDir: x}}",
        "tasks: {a: {task: NoOp}}\nextensions: {x: {extension: SlowExtension, parameters: {delay: 1h30m}}}",
        "aliases: {x: &x [a, {b: 1}]}\ntasks: {a: {task: NoOp}}",
        "tasks: {a: {task: NoOp, for_each: [eu, {x: 1}]}, b: {task: NoOp, for_each: {x: [1], y: '[2]'}}}",
        "tasks: {a: {task: NoOp, for_each: {items: [{k: a}], key: k, max_concurrency: '2', max_failures: none}}}",
        "tasks: {a: {task: NoOp, for_each: '[1, 2]'}, b: {task: NoOp, for_each: {items: {x: [1]}, max_failures: 1}}}",
        "tasks: {p: {for_each: [1], depends_on: [], job: {tasks: {b: {task: NoOp}, c: {job: {tasks: {d: {task: NoOp}}}}}}}}",
        "tasks: {p: {variables: {x: [1]}, job: {tasks: {b: {task: NoOp, when: '$VAR{x} == [1]'}}, config: {name: y}}}}",
        "tasks: {a: {task: NoOp, when: true}, b: {task: NoOp, when: '$VAR{x:1} == 1', dependencies: [a]}}",
    ]

    private static let invalid = [
        "tasks: {a: {task: NoOp, for_each: 5}}",
        "tasks: {a: {task: NoOp, for_each: {x: 1}}}",
        "tasks: {a: {task: NoOp, for_each: {items: [1], max_concurrency: 0}}}",
        "tasks: {p: {job: 5}}", "tasks: {p: {job: {}}}", "tasks: {p: {job: {tasks: {}}}}",
        "tasks: {p: {job: {tasks: {b: {}}}}}",
        "tasks: {p: {job: {tasks: {b: {task: NoOp}}}, max_attempts: 2}}",
        "tasks: {p: {task: NoOp, job: {tasks: {b: {task: NoOp}}}}}", "tasks: {p: {task: NoOp, variables: {x: 1}}}",
        "tasks: {p: {job: {tasks: {b: {task: NoOp, max_atempts: 1}}}}}",
        "tasks: {p: {job: {tasks: {b: {task: NoOp}}, x: 1}}}",
        "config: {name: x}", "tasks: {}", "tasks: []", "tasks: {a: {}}", "tasks: {a: {task: Nope}}",
        "tasks: {a: {task: 5}}",
        "tasks: {a: {task: NoOp, variant: NoOp}}", "tasks: {a: {task: NoOp, depends_on: [], dependencies: []}}",
        "tasks: {a: {task: NoOp, dependencies: b}}", "tasks: {a: {task: NoOp, dependencies: [[b]]}}",
        "tasks: {a: {task: NoOp, max_attempts: 0}}", "tasks: {a: {task: NoOp, max_attempts: x}}",
        "tasks: {a: {task: NoOp, max_atempts: 1}}", "tasks: {a: {task: NoOp, parameters: {x: 1}}}",
        "tasks: {a: {task: NoOp, when: [1]}}", "tasks: {a: {task: NoOp, when: 1}}",
        "tasks: {a: {task: NoOp, timeout: soon}}", "tasks: {a: {task: NoOp, backoff: -1}}",
        "tasks: {a: {task: NoOp, backoff: {first: x}}}", "tasks: {a: {task: NoOp, backoff: {factor: 2}}}",
        "tasks: {a: {task: NoOp, backoff: {first: 1, factr: 2}}}", "tasks: {a: {task: NoOp, retry_on: error}}",
        "tasks: {a: {task: NoOp, retry_on: [[error]]}}", "tasks: {a: {task: NoOp, retry_on: [300]}}",
        "tasks: {a: {task: NoOp}}\nconfig: {max_failures: 0}", "tasks: {a: {task: NoOp}}\nconfig: {timeout: soon}",
        "tasks: {/a: {task: NoOp}}", "tasks: {../a: {task: NoOp}}", "tasks: {a: {task: NoOp}}\nconfg: {}",
        "tasks: {a: {task: NoOp}}\nconfig: {isolation: none}", "tasks: {a: {task: NoOp}}\nconfig: {nmae: x}",
        "tasks: {a: {task: NoOp}}\nconfig: {max_concurrency: 1.5}", "tasks: {a: {task: Print}}",
        "tasks: {a: {task: Print, parameters: {text: 5}}}", "tasks: {a: {task: Print, parameters: {}}}",
        "tasks: {a: {task: test_app.Print, parameters: {txt: x}}}",
        "tasks: {a: {task: Increment, parameters: {times: 1.5}}}",
        "tasks: {a: {task: Increment, parameters: {times: x}}}",
        "tasks: {a: {task: Leak, parameters: {token: t, logins: {me: {user: u}}}}}",
        "tasks: {a: {task: Leak, parameters: {token: t, logins: {me: {password: p, x: 1}}}}}",
        "tasks: {a: {task: DownloadDataFromRestApi, parameters: {target_dir: d, api_details: {protocol: ftp, base_url: u, endpoint: e}}}}",
        "tasks: {a: {task: DownloadDataFromRestApi, parameters: {target_dir: d, targetDir: d, api_details: {base_url: u, endpoint: e}}}}",
        "tasks: {a: {task: Shell, parameters: {command: {x: y}}}}",
        "tasks: {a: {task: ExitProcess, parameters: {code: 5000000000}}}",
        "tasks: {a: {task: Shell, parameters: {command: ls, success_codes: 0}}}",
        "tasks: {a: {task: NoOp}}\nloggers: {x: {logger: Nope}}", "tasks: {a: {task: NoOp}}\nloggers: {x: {}}",
        "tasks: {a: {task: NoOp}}\nloggers: {x: {logger: FileLogger, parameters: {retention_days: x}}}",
        "tasks: {a: {task: NoOp}}\ncheckpointer: {checkpointer: PlainCheckpointer}",
        "tasks: {a: {task: NoOp}}\ncheckpointer: {logger: FileLogger}", "tasks: {a: {task: NoOp}}\ninclude: x",
    ]

    @Test func whatLoadsIsAcceptedAndWhatDoesNotIsRejected() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let validator = try Validator(in: sandbox)
        for job in Self.valid {
            #expect(try loads(job, in: sandbox), "\(job)")
            #expect(try validator.problems(of: job) == [], "\(job)")
        }
        for job in Self.invalid {
            #expect(try !loads(job, in: sandbox), "\(job)")
            #expect(try validator.problems(of: job) != [], "\(job)")
        }
    }

    @Test func whatIsIncludedMayBeMissing() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let validator = try Validator(in: sandbox)
        #expect(try validator.problems(of: "include: [base.yaml]") == [])
        #expect(try validator.problems(of: "include: [base.yaml]\ntasks: {a: {parameters: {anything: 1}}}") == [])
        let leak = "tasks: {a: {task: Leak, parameters: {logins: {me: {user: u}}}}}"
        #expect(try validator.problems(of: "include: [base.yaml]\n\(leak)") == [])
        #expect(try validator.problems(of: "include: [base.yaml]\ntasks: {a: {task: Leak, parameters: {x: 1}}}") != [])
    }

    @Test func aPartialSchemaIsForFilesThatAreIncluded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let validator = try Validator(in: sandbox, "--partial")
        #expect(try validator.problems(of: "config: {name: x}") == [])
        #expect(try validator.problems(of: "tasks: {a: {task: Leak, parameters: {key: x}}}") == [])
        #expect(try validator.problems(of: "tasks: {a: {task: Leak, parameters: {x: y}}}") != [])
    }

    private func loads(_ job: String, in sandbox: Sandbox) throws -> Bool {
        try sandbox.write(job, to: "job.yaml")
        return try sandbox.start(["validate", "job.yaml"]).wait().exitCode == 0
    }
}

/// The validator of Python's jsonschema, which is asked about one job after the other.
private final class Validator {
    private let sandbox: Sandbox

    private static let script = """
        import json, sys
        import jsonschema, yaml

        class Loader(yaml.SafeLoader):
            "Reads YAML 1.2 where it differs: yes is text, and so is a date."

        Loader.yaml_implicit_resolvers = {
            first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
            for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
        }
        import re
        Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))

        def with_text_keys(value):
            if isinstance(value, dict):
                return {str(key): with_text_keys(item) for key, item in value.items()}
            return [with_text_keys(item) for item in value] if isinstance(value, list) else value

        schema = json.load(open("schema.json"))
        jsonschema.Draft202012Validator.check_schema(schema)
        job = with_text_keys(yaml.load(open("validated.yaml"), Loader))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(job):
            print(error.json_path, error.message[:200].replace("\\n", " "))
        """

    static var isInstalled: Bool { python != nil }

    /// The first Python that has what the script needs: the system's may have it where another one comes first.
    private static let python: String? = {
        let check = "import jsonschema, yaml; jsonschema.Draft202012Validator"
        let directory = FileManager.default.temporaryDirectory
        return [Tools.path("python3"), "/usr/bin/python3"].first { python in
            let process = try? Running(python, ["-c", check], in: directory, environment: [:])
            return (try? process?.wait().exitCode) == 0
        }
    }()

    init(in sandbox: Sandbox, _ arguments: String...) throws {
        self.sandbox = sandbox
        let schema = try sandbox.start(["schema"] + arguments).wait()
        #expect(schema.exitCode == 0)
        try sandbox.write(schema.output, to: "schema.json")
        try sandbox.write(Self.script, to: "validate.py")
    }

    /// What the validator finds wrong with a job, a line for each problem.
    func problems(of job: String) throws -> [String] {
        try sandbox.write(job, to: "validated.yaml")
        let result = try Running(
            try #require(Self.python),
            ["validate.py"],
            in: sandbox.directory,
            environment: [:]
        ).wait()
        #expect(result.exitCode == 0, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }
}
