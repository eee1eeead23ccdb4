import Flowmancer
import Foundation
import Testing

/// Values that are known in the run only, in jobs that the real program runs.
@Suite(.ownThread) struct RunValueTests {
    @Test func whatIsPublishedReachesOtherTasks() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: values}
            tasks:
              print: {task: Print, parameters: {text: !sub "$OUT{count.rows} rows, $OUT{swift.row_count} and $OUT{swift.regions}"}}
              text: {task: Print, parameters: {text: !sub "$OUT{swift.row_count}"}}
              number: {task: Publish, parameters: {rows: !sub "$OUT{count.rows}", size: !sub "$OUT{none.size:2}"}}
              none: {task: Shell, when: "$VAR{x:false}", parameters: {command: exit}}
              limit: {task: Shell, timeout: !sub "$OUT{count.limit}", parameters: {command: [echo, !sub "$OUT{swift.row_count}", !sub "$$OUT{x.y}"]}}
              shared: {task: Shell, dependencies: [count], parameters: {command: cat, stdin: "$DICT{rows:none}"}}
              count:
                task: Shell
                parameters:
                  command: 'echo rows=7 >> "$FLOWMANCER_OUTPUT"; echo limit=1m >> "$FLOWMANCER_OUTPUT"'
              swift: {task: Publish, parameters: {rows: 4}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        #expect(try sandbox.log("print") == [#"INFO - 7 rows, 5 and ["eu","us"]"#])
        #expect(try sandbox.log("text") == ["INFO - 5"])
        #expect(try sandbox.log("limit") == ["INFO - 5 $OUT{x.y}"])
        // Quoted text stays, with a warning.
        #expect(result.errors.contains("$DICT{rows} is not replaced in quoted text"), "\(result.errors)")
        #expect(try sandbox.log("shared") == ["INFO - $DICT{rows:none}"])
    }

    @Test func conditionsAskForOutputs() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              many: {task: Print, when: "$OUT{count.rows} > 5 and 'eu' in $OUT{swift.regions}", parameters: {text: many}}
              few: {task: Print, when: "$OUT{count.rows} <= 5", parameters: {text: few}}
              other: {task: Print, when: "not defined($OUT{count.nothing})", parameters: {text: other}}
              count: {task: Shell, parameters: {command: 'echo rows=7 > "$FLOWMANCER_OUTPUT"'}}
              swift: {task: Publish}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        #expect(try sandbox.log("many") == ["INFO - many"])
        #expect(try sandbox.log("other") == ["INFO - other"])
        #expect(throws: (any Error).self) { try sandbox.log("few") }
    }

    /// Whatever a value is, it is no code.
    @Test(
        arguments: [
            "$(touch injected)", "`touch injected`", "'; touch injected; '", "\"; touch injected; \"", "a b  *", "-n",
            "\\", "$HOME", "line 1\nline 2", "é😀", "",
        ]
    )
    func aValueIsNeverCode(value: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let json = try String(decoding: JSONEncoder().encode(["v": value]), as: UTF8.self)
        try sandbox.write(json, to: "value.json")
        let job = #"""
            tasks:
              source: {task: Shell, parameters: {command: 'cat value.json > "$FLOWMANCER_OUTPUT"'}}
              bare: {task: Shell, parameters: {command: !sub "printf %s $OUT{source.v} > bare"}}
              quoted:
                task: Shell
                parameters:
                  command: !sub |
                    printf %s "$OUT{source.v}" > quoted
                    cat > document <<END
                    <$OUT{source.v}>
                    END
                    x=$(printf %s "$(printf %s $OUT{source.v})")
                    printf %s "$x" > nested  # don't count the quote of a comment
                    printf %s $OUT{source.v}$OUT{source.v} > twice
              words: {task: Shell, parameters: {command: [sh, -c, 'printf %s "$1" > words', sh, !sub "$OUT{source.v}"]}}
              set: {task: Shell, parameters: {command: 'printf %s "$X" > set', env: {X: !sub "$OUT{source.v}"}}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        for file in ["bare", "quoted", "nested", "words", "set"] {
            #expect(try sandbox.read(file) == value, "\(file)")
        }
        #expect(try sandbox.read("twice") == value + value)
        #expect(try sandbox.read("document") == "<\(value)>\n")
        #expect(!sandbox.exists("injected"))
    }

    @Test func aPublishedListIsAListOfWords() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              source: {task: Shell, parameters: {command: 'echo ''{"argv": ["echo", "a  b", "$HOME"]}'' > "$FLOWMANCER_OUTPUT"'}}
              echo: {task: Shell, parameters: {command: !sub "$OUT{source.argv}"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        #expect(try sandbox.log("echo") == ["INFO - a  b $HOME"])
    }

    @Test func aMissingValueFailsTheTaskWithAReason() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              fails: {task: Shell, allow_failure: true, parameters: {command: exit 1}}
              skipped: {task: Shell, when: "$VAR{x:false}", parameters: {command: exit}}
              silent: {task: Shell, parameters: {command: 'true'}}
              other: {task: Shell, parameters: {command: 'echo row=1 > "$FLOWMANCER_OUTPUT"'}}
              a: {task: Print, run_if: all_finished, parameters: {text: !sub "$OUT{fails.rows}"}}
              b: {task: Print, parameters: {text: !sub "$OUT{skipped.rows}"}}
              c: {task: Print, parameters: {text: !sub "$OUT{silent.rows}"}}
              d: {task: Print, parameters: {text: !sub "$OUT{other.rows}"}}
              e: {task: Print, parameters: {text: !sub "$DICT{rows}"}}
              f: {task: Print, parameters: {text: !sub "$OUT{other.rows:none}"}}
              g: {task: Publish, parameters: {rows: !sub "$OUT{text.rows}"}}
              text: {task: Shell, parameters: {command: 'echo rows=many > "$FLOWMANCER_OUTPUT"'}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 6, "\(result.output)\(result.errors)")
        for text in [
            "parameters.text: $OUT{fails.rows} has no value, because 'fails' failed; write $OUT{fails.rows:default}",
            "$OUT{skipped.rows} has no value, because 'skipped' was skipped",
            "$OUT{silent.rows} has no value, because 'silent' published nothing",
            "$OUT{other.rows} has no value, because 'other' published no 'rows', only row; did you mean 'row'?",
            "$DICT{rows} has no value",
            #"parameters.rows: expected an integer, found the text "many""#,
        ] {
            #expect(result.output.contains(text), "\(result.output)")
        }
        #expect(try sandbox.log("f") == ["INFO - none"])
        for task in ["a", "b", "c", "d", "e", "g"] { #expect(!sandbox.exists("logs/\(task).log")) }
    }

    @Test func whatIsWrongIsAnErrorBeforeAnythingRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: !sub "$OUT{swift.row_count}"}
            tasks:
              swift: {task: Publish}
              a: {task: Print, parameters: {text: !sub "$OUT{swfit.row_count}"}}
              b: {task: Print, parameters: {text: !sub "$OUT{swift.rowcount}"}}
              c: {task: Publish, parameters: {rows: !sub "$OUT{swift.regions}"}}
              d: {task: Print, parameters: {text: !sub "$OUT{rows}"}}
              e: {task: Print, parameters: {text: !sub "$STATE{swift}"}}
              f: {task: Print, parameters: {text: !sub "$ITEM{x}"}}
              g: {task: Print, dependencies: [!sub "$OUT{swift.row_count}"], parameters: {text: x}}
              h: {task: Print, when: "$OUT{swift.nothing} == 1", parameters: {text: x}}
              i: {task: Print, parameters: {text: !sub "$OUT{i.x}"}}
              j: {task: Print, parameters: {text: !sub "$OUT{k.x}"}}
              k: {task: Shell, parameters: {command: !sub "echo $OUT{l.x}"}}
              l: {task: Shell, dependencies: [j], parameters: {command: 'true'}}
              m: {task: NoOp, timeout: !sub "$VAR{t:5}"}
              n: {task: Publish, parameters: {rows: !sub "$OUT{swift.note}"}}
              o: {task: Publish, parameters: {rows: !sub "$OUT{swift.row_count:many}"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1)
        for text in [
            "job.yaml:1:16: error: config.name: $OUT{swift.row_count} is known in the run only",
            "tasks.a.parameters.text: no task is named 'swfit'; did you mean 'swift'?",
            "tasks.b.parameters.text: 'swift' publishes no 'rowcount'; did you mean 'row_count'?",
            "tasks.c.parameters.rows: expects an integer; 'swift' publishes 'regions' as list of text",
            "tasks.d.parameters.text: $OUT{rows} is not the name of an output; write $OUT{task.name}",
            "tasks.e.parameters.text: $STATE{swift} has a value in 'when' only; write $$STATE{swift}",
            "tasks.f.parameters.text: $ITEM{x} has a value only in a task with 'for_each'",
            "tasks.g.dependencies[0]: $OUT{swift.row_count} is known in the run only",
            "tasks.h.when: 'swift' publishes no 'nothing'; expected one of: row_count, regions, note",
            "tasks.i.parameters.text: a task cannot use what it publishes itself",
            "tasks.j.parameters.text: the tasks depend on each other in a circle: j → k → l → j",
            "tasks.n.parameters.rows: expects an integer; 'swift' publishes 'note' as text",
            "tasks.o.parameters.rows: expected an integer, found the default many",
        ] {
            #expect(result.errors.contains(text), "\(text)\n\(result.errors)")
        }
    }

    @Test func singleQuotesAreAWarning() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              source: {task: Shell, parameters: {command: 'echo v=1 > "$FLOWMANCER_OUTPUT"'}}
              a: {task: Shell, parameters: {command: !sub "echo 'it is $OUT{source.v}'"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("$OUT{source.v} stands between single quotes"), "\(result.errors)")
        #expect(try sandbox.log("a") == ["INFO - it is ${FLOWMANCER_VALUE_1}"])
    }

    /// In arithmetic, bash evaluates text as code.
    @Test func arithmeticTakesNumbersOnly() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              source: {task: Shell, parameters: {command: 'echo v=41 >> "$FLOWMANCER_OUTPUT"; echo ''w=a[$(touch injected)]'' >> "$FLOWMANCER_OUTPUT"'}}
              a: {task: Shell, parameters: {shell: /bin/bash, command: !sub "echo $(( $OUT{source.v} + 1 ))"}}
              b: {task: Shell, parameters: {shell: /bin/bash, command: !sub "echo $(( $OUT{source.w} + 1 ))"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1)
        #expect(try sandbox.log("a") == ["INFO - 42"])
        #expect(result.output.contains("$OUT{source.w} stands in arithmetic of the shell"), "\(result.output)")
        #expect(!sandbox.exists("injected"))
    }

    @Test func aRestartKeepsTheValuesOfATaskThatBegan() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: values}
            tasks:
              source: {task: Shell, parameters: {command: 'echo v=1 > "$FLOWMANCER_OUTPUT"; echo new > state'}}
              count: {task: Increment, parameters: {times: 3}}
              user:
                task: Shell
                dependencies: [count]
                parameters: {command: !sub "echo $OUT{source.v} $DICT{counter}; test -e gate"}
              more: {task: Increment, run_if: all_failed, dependencies: [user], parameters: {times: 5}}
            """#
        let first = try sandbox.run(job)
        #expect(first.exitCode == 1, "\(first.output)\(first.errors)")
        #expect(try sandbox.log("user").first == "INFO - 1 3")
        try sandbox.write("", to: "gate")
        let second = try sandbox.run(job, "-r")
        #expect(second.exitCode == 0, "\(second.output)\(second.errors)")
        #expect(try sandbox.log("user").first == "INFO - 1 3")
    }

    @Test func aValueOfATaskThatIsLeftOutIsAnErrorBeforeAnythingRuns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: values}
            tasks:
              source: {task: Shell, parameters: {command: 'echo v=1 > "$FLOWMANCER_OUTPUT"'}}
              user: {task: Shell, parameters: {command: !sub "echo $OUT{source.v}; test -e gate"}}
              other: {task: Shell, when: "$OUT{source.v} == 1", parameters: {command: echo other}}
              free: {task: Shell, parameters: {command: !sub "echo $OUT{source.v:none}"}}
            """#
        let refused = try sandbox.run(job, "--skip", "source")
        #expect(refused.exitCode == 1, "\(refused.output)\(refused.errors)")
        #expect(
            refused.errors.contains(
                "tasks.user.parameters.command: $OUT{source.v} has no value, because 'source' is left out"
            )
        )
        #expect(refused.errors.contains("tasks.other.when: $OUT{source.v} has no value"))
        #expect(!refused.errors.contains("tasks.free"))
        #expect(!sandbox.exists("logs"))
        #expect(try sandbox.run(job).exitCode == 1)
        // The checkpoint has it.
        try sandbox.write("", to: "gate")
        let second = try sandbox.run(job, "-r", "--skip", "source")
        #expect(second.exitCode == 0, "\(second.output)\(second.errors)")
        #expect(try sandbox.log("user") == ["INFO - 1"])
    }

    @Test func thePlanAndTheGraphKnowOfIt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              user: {task: Print, parameters: {text: !sub "$OUT{source.v} of $DICT{rows:0}"}}
              source: {task: Shell, parameters: {command: echo}}
            """#
        try sandbox.write(job, to: "job.yaml")
        let plan = try sandbox.start(["plan", "-j", "job.yaml"]).wait()
        #expect(
            plan.output.contains("user  Print  after source  (known in the run: $OUT{source.v}, $DICT{rows})"),
            "\(plan.output)"
        )
        let explanation = try sandbox.start(["explain", "-j", "job.yaml", "tasks.user.parameters.text"]).wait()
        #expect(
            explanation.output.contains("$OUT{source.v} is known in the run only"),
            "\(explanation.output)\(explanation.errors)"
        )
    }
}
