import Foundation
import Testing

/// Single items of groups, and patterns, where tasks are named.
@Suite(.ownThread) struct ItemNameTests {
    private let tasks = """
          load:
            task: Shell
            for_each: [eu, us]
            parameters: {command: !sub 'test "$ITEM" = eu && echo rows=7 >> "$FLOWMANCER_OUTPUT"'}
          report:
            task: Shell
            dependencies: ['load[eu]']
            parameters: {command: 'echo done'}
          show:
            task: Shell
            parameters:
              command: !sub 'echo "$OUT{load[eu].rows} rows"'
          all: {task: NoOp, dependencies: [load], run_if: all_finished}
        """

    @Test func aTaskWaitsForASingleItem() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.runRules(tasks)
        #expect(result.exitCode == 1, "\(result.errors)")
        let states = try sandbox.finalStates()
        #expect(states["load[us]"] == "F" && states["report"] == "C" && states["all"] == "C")
        #expect(try sandbox.log("show") == ["INFO - 7 rows"])
        let plan = try sandbox.start(["plan", "job.yaml"]).wait().output
        #expect(plan.contains("report  Shell  after load[eu]\n"), "\(plan)")
    }

    @Test func aTaskWaitsForATaskOfASingleItem() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.runRules(
            """
              each:
                for_each: [a, b]
                job:
                  tasks:
                    first: {task: Shell, parameters: {command: 'echo "n=1" >> "$FLOWMANCER_OUTPUT"'}}
                    second: {task: Shell, dependencies: [first], parameters: {command: test "$ITEM" = a}}
              after: {task: Shell, dependencies: ['each[a]/second'], parameters: {command: "true"}}
              not-after: {task: Shell, dependencies: ['each[b]/second'], parameters: {command: "true"}}
              every: {task: Shell, dependencies: [each/first], parameters: {command: "true"}}
              list: {task: Shell, run_if: all_finished, parameters: {command: !sub 'echo "$OUT{each/first.n}"'}}
            """
        )
        #expect(result.exitCode == 3, "\(result.errors)")
        let states = try sandbox.finalStates()
        #expect(states["after"] == "C" && states["not-after"] == "D")
        // The name of a task of every item stands for the group.
        #expect(states["every"] == "D")
        let changes = try sandbox.stateChanges()
        let ended = try #require(changes.lastIndex { $0.task.hasPrefix("each[") })
        let began = try #require(changes.firstIndex { $0.task == "list" && $0.to == "R" })
        #expect(began > ended)
        #expect(try sandbox.log("list") == [#"INFO - ["1","1"]"#])
    }

    @Test func flagsTakeItemsAndPatterns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.runRules(tasks, "--skip", "load[us]", "--skip", "sh*").exitCode == 0)
        var states = try sandbox.finalStates()
        #expect(states["load[us]"] == "S" && states["show"] == "S" && states["load[eu]"] == "C")
        #expect(try sandbox.runRules(tasks, "--run-to", "report").exitCode == 0)
        states = try sandbox.finalStates()
        #expect(states["load[us]"] == "S" && states["all"] == "S" && states["report"] == "C")
        let plan = try sandbox.start(["plan", "--skip", "load[us]", "job.yaml"]).wait().output
        #expect(plan.contains("Left out on request: load[us]"), "\(plan)")
        let needed = try sandbox.start(["plan", "--run-to", "load[us]", "job.yaml"]).wait().output
        #expect(needed.contains("Left out on request: report, show, all, load[eu]\n"), "\(needed)")
    }

    @Test func aSingleItemIsForced() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              load: {task: Shell, for_each: [eu, us], reuse: {version: 1}, parameters: {command: "true"}}
            """
        for arguments in [[], ["--force", "load[us]"]] {
            try sandbox.writeRules(tasks)
            #expect(try sandbox.start(["-j", "job.yaml"] + arguments).wait().exitCode == 0)
        }
        let runs = try sandbox.beginnings()
        #expect(runs.sorted() == ["load[eu]", "load[us]", "load[us]"])
    }

    @Test func itemsThatThereAreNotAreLocatedErrors() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.writeRules(
            """
              list: {task: Shell, parameters: {command: 'echo "names+=x" >> "$FLOWMANCER_OUTPUT"'}}
              load: {task: Shell, for_each: [eu, us], parameters: {command: "true"}}
              open: {task: Shell, for_each: !sub "$OUT{list.names}", parameters: {command: "true"}}
              a: {task: NoOp, dependencies: ['load[ue]']}
              b: {task: NoOp, dependencies: ['open[x]']}
              c: {task: NoOp, dependencies: ['list[x]']}
              d: {task: NoOp, when: "$OUT{load[uk].rows} == 1"}
              e: {task: NoOp, dependencies: [load], when: "$STATE{load[u]} == 'failed'"}
            """
        )
        let errors = try sandbox.start(["validate", "job.yaml"]).wait().errors
        for expected in [
            "job.yaml:7:34: error: tasks.a.dependencies[0]: 'load' has no item 'load[ue]'; did you mean 'load[eu]'?",
            "job.yaml:8:34: error: tasks.b.dependencies[0]: 'open[x]' cannot be named: the items of 'open' are known in the "
                + "run only; name 'open', which stands for all of its items",
            "job.yaml:9:34: error: tasks.c.dependencies[0]: there is no 'list[x]': 'list' has no 'for_each'; name 'list'",
            "tasks.d.when: 'load' has no item 'load[uk]'; did you mean", "tasks.e.when: 'load' has no item 'load[u]'; ",
        ] {
            #expect(errors.contains(expected), "\(errors)")
        }
    }

    @Test func itemsThatAreGoneAreReported() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              list: {task: Shell, parameters: {command: 'cat names >> "$FLOWMANCER_OUTPUT"'}}
              load:
                task: Shell
                for_each: !sub "$OUT{list.names}"
                parameters: {command: test "$ITEM" != us}
              fail: {task: Shell, parameters: {command: "false"}}
            """
        try sandbox.write("names+=eu\nnames+=us\nnames+=de\n", to: "names")
        #expect(try sandbox.runRules(tasks).exitCode == 2)
        try sandbox.write("names+=eu\nnames+=fr\n", to: "names")
        let changed = tasks.replacing("cat names", with: "cat ./names")
        let result = try sandbox.runRules(changed, "-r", "--rerun-changed")
        let text = result.output + result.errors
        #expect(
            text.contains(
                "'load' has no longer all items of the earlier run. Gone, with their last states: load[us] (failed), "
                    + "load[de] (completed)"
            ),
            "\(text)"
        )
        #expect(try sandbox.finalStates()["load[fr]"] == "C")
    }
}
