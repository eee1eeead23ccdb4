import Flowmancer
import Foundation
import Testing

/// What tasks and commands publish.
@Suite(.ownThread) struct OutputValueTests {
    private func outputs(_ sandbox: Sandbox) async throws -> [String: String] {
        var reader = FileCheckpointer()
        reader.checkpointDir = sandbox.path(".flowmancer")
        let contents = try await reader.readCheckpoint(for: "publishing")
        for task in contents.outputs.keys { #expect(contents.states[task] == .completed) }
        return contents.outputs.mapValues(\.rawValue)
    }

    /// A job that ends with a failure, so that its checkpoint stays.
    private func job(_ tasks: String) -> String {
        """
        config: {name: publishing}
        tasks:
        \(tasks)
          last: {task: RequireFile, parameters: {path: gate}}
        """
    }

    @Test func tasksAndCommandsPublishWithTheirSuccess() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = #"""
              swift: {task: Publish}
              process: {task: Publish, isolation: process, parameters: {rows: 5, size: 3}}
              silent: {task: NoOp}
              lines: {task: Shell, parameters: {command: 'echo rows=42 > "$FLOWMANCER_OUTPUT"; echo l+=a >> "$FLOWMANCER_OUTPUT"; printf "l+=b\n\n" >> "$FLOWMANCER_OUTPUT"'}}
              json: {task: Shell, parameters: {command: 'printf ''{"n": 1.50, "list": [1, {"x": null}]}'' > "$FLOWMANCER_OUTPUT"'}}
              quiet: {task: Shell, parameters: {command: 'test -f "$FLOWMANCER_OUTPUT" && test -w "$FLOWMANCER_OUTPUT" && ! test -s "$FLOWMANCER_OUTPUT"'}}
              words: {task: Shell, parameters: {command: [sh, -c, 'echo a=b | tee "$FLOWMANCER_OUTPUT" | cat']}}
            """#
        let result = try sandbox.run(job(tasks))
        #expect(result.exitCode == 1, "\(result.output)\(result.errors)")
        #expect(
            try await outputs(sandbox) == [
                "swift": #"{"row_count":4,"regions":["eu","us"]}"#,
                "process": #"{"row_count":6,"regions":["eu","us"],"note":"xxx"}"#,
                "lines": #"{"rows":"42","l":["a","b"]}"#, "json": #"{"n":1.50,"list":[1, {"x": null}]}"#,
                "words": #"{"a":"b"}"#,
            ]
        )
        #expect(try sandbox.log("words") == ["INFO - a=b"])
    }

    @Test func onlyTheAttemptThatSucceedsPublishes() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = #"""
              throws: {task: Publish, max_attempts: 3, parameters: {failures: 2}}
              exits: {task: Publish, max_attempts: 2, parameters: {failures: 1, way: exit}}
              destroys: {task: Publish, max_attempts: 2, parameters: {failures: 1, way: destroy}}
              never: {task: Publish, parameters: {failures: 1}}
              command: {task: Shell, max_attempts: 2, parameters: {command: 'cat "$FLOWMANCER_OUTPUT"; echo x$(ls | grep -c tried)=1 >> "$FLOWMANCER_OUTPUT"; test -e tried || { touch tried; exit 1; }'}}
              failing: {task: Shell, parameters: {command: 'echo a=1 > "$FLOWMANCER_OUTPUT"; exit 1'}}
            """#
        let result = try sandbox.run(job(tasks))
        #expect(result.exitCode == 3, "\(result.output)\(result.errors)")
        #expect(
            try await outputs(sandbox) == [
                "throws": #"{"row_count":10,"regions":["eu","us"]}"#,
                "exits": #"{"row_count":7,"regions":["eu","us"]}"#,
                "destroys": #"{"row_count":7,"regions":["eu","us"]}"#, "command": #"{"x1":"1"}"#,
            ]
        )
    }

    @Test(
        arguments: [
            ("echo a=1; echo nonsense", #"line 2 of the file $FLOWMANCER_OUTPUT is "nonsense"; expected name=value"#),
            (#"echo '{\"a\": 1,'"#, "line 2 of the file $FLOWMANCER_OUTPUT is not valid JSON: it ends too early"),
            (#"printf 'a=1\\nb=\\377'"#, "line 2 of the file $FLOWMANCER_OUTPUT is not UTF-8"),
            ("head -c 70000000 /dev/zero", "the outputs have 70000000 bytes; the maximum is 66060288"),
        ]
    )
    func whatCannotBeReadFailsTheAttempt(script: String, message: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let command = "{ \(script); } > \\\"$FLOWMANCER_OUTPUT\\\""
        let result = try sandbox.run("tasks: {a: {task: Shell, parameters: {command: \"\(command)\"}}}")
        #expect(result.exitCode == 1)
        let log = try sandbox.log("a")
        #expect(log.count == 1 && log[0].hasPrefix("ERROR - publishing failed: \(message)"), "\(log)")
        #expect(result.output.contains(message) || result.errors.contains(message))
    }

    @Test func outputsThatAreTooLargeFailATaskInSwift() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: Publish, parameters: {size: 67000000}}}").exitCode == 1)
        let log = try sandbox.log("a")
        #expect(log.count == 1 && log[0].hasPrefix("ERROR - publishing failed: the outputs have 67"), "\(log)")
    }

    @Test func whatWasPublishedSurvivesAKillAndARestart() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: publishing}
            tasks:
              a: {task: Publish}
              b: {task: Shell, parameters: {command: 'echo n=1 > "$FLOWMANCER_OUTPUT"'}}
              writing: {task: Shell, dependencies: [a, b], parameters: {command: 'echo m=1 > "$FLOWMANCER_OUTPUT"; touch ready; test -e gate || sleep 600'}}
              last: {task: RequireFile, dependencies: [writing], parameters: {path: never}}
            """,
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("ready") })
        running.signal(SIGKILL)
        _ = try running.wait()
        let kept = ["a": #"{"row_count":4,"regions":["eu","us"]}"#, "b": #"{"n":"1"}"#]
        #expect(try await outputs(sandbox) == kept)
        try sandbox.write("", to: "gate")
        for _ in 1...2 {
            let result = try sandbox.start(["-j", "job.yaml", "-r"]).wait()
            #expect(result.exitCode == 1, "\(result.output)\(result.errors)")
            #expect(try await outputs(sandbox) == kept.merging(["writing": #"{"m":"1"}"#]) { old, _ in old })
        }
    }

    @Test func aTaskThatRunsAgainLosesWhatItPublished() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let first = job("  a: {task: Publish}\n  b: {task: Publish}")
        #expect(try sandbox.run(first).exitCode == 1)
        #expect(try await outputs(sandbox).count == 2)
        let second = job("  a: {task: Publish, parameters: {failures: 1}}\n  b: {task: Publish}")
        #expect(try sandbox.run(second, "-r", "--rerun-changed").exitCode == 2)
        #expect(try await outputs(sandbox) == ["b": #"{"row_count":4,"regions":["eu","us"]}"#])
    }

    @Test func aCommandCanDoWithoutTheFile() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let parameters = "{env: {FLOWMANCER_OUTPUT: other}, command: 'echo x > $FLOWMANCER_OUTPUT'}"
        let result = try sandbox.run("tasks: {a: {task: Shell, parameters: \(parameters)}}")
        #expect(result.exitCode == 0)
        #expect(try sandbox.read("other") == "x\n")
    }

    @Test func theFileOfACommandIsNotThatOfTheJobsThatItRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              swift: {task: RunChild, parameters: {script: 'echo "[$FLOWMANCER_OUTPUT]"'}}
              command: {task: Shell, parameters: {command: 'echo a=1 > "$FLOWMANCER_OUTPUT"'}}
            """,
            environment: ["FLOWMANCER_OUTPUT": sandbox.path("outer")]
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("swift") == ["INFO - []", "INFO - child ended with 0"])
        #expect(!sandbox.exists("outer"))
    }

    @Test func theListOfTasksSaysWhatIsPublished() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let text = try sandbox.start(["tasks"]).wait().output
        #expect(
            text.contains(
                """
                    publishes
                    row_count  integer
                               How many rows there are.
                    regions    list of text
                    note       text
                """
            ),
            "\(text)"
        )
        let json = try sandbox.start(["tasks", "--json"]).wait().output
        #expect(
            json.contains(#""outputs": []"#) || json.contains(#""outputs" : []"#) || json.contains(#""outputs":[]"#)
        )
        #expect(json.contains("How many rows there are."))
        #expect(try sandbox.start(["schema"]).wait().output.contains("`row_count` (integer): How many rows there are."))
    }
}
