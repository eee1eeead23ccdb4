import Foundation
import Testing

/// Groups and jobs within the job in what commands and the display say.
@Suite(.ownThread) struct GroupCommandTests {
    private let job = """
        config: {name: groups}
        tasks:
          list:
            task: Shell
            parameters: {command: 'echo "names+=x" >> "$FLOWMANCER_OUTPUT"'}
          load:
            task: Shell
            dependencies: [list]
            for_each: [eu, us]
            parameters: {command: echo loaded}
          known-later:
            task: Shell
            for_each: $OUT{list.names}
            parameters: {command: echo "$ITEM"}
          publish:
            dependencies: [load]
            when: $STATE{load} == 'completed'
            job:
              tasks:
                build: {task: Shell, parameters: {command: "true"}}
                upload: {task: Shell, dependencies: [build], parameters: {command: "true"}}
        """

    private func run(_ arguments: String..., in sandbox: Sandbox) throws -> Finished {
        try sandbox.write(job, to: "job.yaml")
        return try sandbox.start(arguments).wait()
    }

    @Test func graphDrawsStacksAndBoxes() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let text = try run("graph", "job.yaml", in: sandbox).output
        #expect(text.contains("[[\"load<br/>for each of 2 items\"]]"), "\(text)")
        #expect(text.contains("for each of #36;OUT#123;list.names#125;"))
        #expect(text.contains("subgraph t3[\"publish<br/>when "))
        #expect(text.contains("        t4[\"build\"]\n        t5[\"upload\"]\n    end"))
        for edge in ["t0 --> t1", "t0 --> t2", "t1 --> t3", "t4 --> t5"] {
            #expect(text.contains("    \(edge)\n") || text.hasSuffix("\(edge)\n"))
        }
    }

    @Test func expandDrawsTheItemsThatAreKnown() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let dot = try run("graph", "job.yaml", "--expand", "--format", "dot", in: sandbox).output
        #expect(dot.contains("[label=\"load[eu]\"") && dot.contains("[label=\"load[us]\""), "\(dot)")
        #expect(!dot.contains("known-later["))
        let svg = try run("graph", "job.yaml", "--expand", "--format", "svg", in: sandbox).output
        #expect(svg.contains(">load[eu]</text>") && svg.hasSuffix("</svg>\n"))
    }

    @Test func expandDrawsTheItemsOfEachOuterItem() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: nested}
            tasks:
              each:
                for_each: {items: [{name: x, parts: [a, b]}, {name: y, parts: [c]}], key: name}
                job:
                  tasks:
                    part:
                      task: Shell
                      for_each: $ITEM{parts}
                      parameters: {command: "true"}
              last: {task: Shell, dependencies: ['each[y]'], parameters: {command: "true"}}
            """,
            to: "job.yaml"
        )
        let dot = try sandbox.start(["graph", "job.yaml", "--expand", "--format", "dot"]).wait().output
        for name in ["part[a]", "part[b]", "part[c]"] {
            #expect(dot.contains("[label=\"\(name)\""), "\(dot)")
        }
        #expect(dot.components(separatedBy: "part[c]").count == 2, "\(dot)")
        let plan = try sandbox.start(["plan", "job.yaml"]).wait().output
        #expect(plan.contains("last  Shell  after each[y]\n"), "\(plan)")
    }

    @Test func planShowsVariablesAsTheyWereWritten() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: written}
            tasks:
              list: {task: Shell, parameters: {command: 'echo "names+=x" >> "$FLOWMANCER_OUTPUT"'}}
              each:
                for_each: $OUT{list.names}
                variables: {name: $ITEM}
                job:
                  tasks:
                    send: {task: Shell, parameters: {command: !sub 'echo "$VAR{name}"'}}
            """,
            to: "job.yaml"
        )
        let plan = try sandbox.start(["plan", "job.yaml"]).wait().output
        #expect(plan.contains("known in the run: $ITEM)"), "\(plan)")
    }

    @Test func chainsAreLimitedNotTasks() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.runRules(
            """
              server:
                for_each: {items: [1, 2, 3, 4], max_concurrency: 1}
                job:
                  tasks:
                    stop: {task: Shell, parameters: {command: "true"}}
                    copy: {task: Shell, dependencies: [stop], parameters: {command: "true"}}
                    log: {task: Shell, dependencies: [stop], parameters: {command: "true"}}
                    start: {task: Shell, dependencies: [copy, log], parameters: {command: "true"}}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        let servers = try sandbox.beginnings().map { String($0.prefix(9)) }
        #expect(servers == (1...4).flatMap { Array(repeating: "server[\($0)]", count: 4) })
    }

    @Test func planTellsOfGroups() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let text = try run("plan", "job.yaml", in: sandbox).output
        #expect(text.contains("5 tasks would run"), "\(text)")
        #expect(text.contains("2 of them for each of several items (for_each)"))
        #expect(text.contains("load  Shell  for each of 2 items, after list"))
        #expect(text.contains("for each item, known in the run: from $OUT{list.names}, after list\n"))
        #expect(text.contains("publish/build  Shell\n       after load\n"))
        #expect(text.contains("if `when` is true, which the run finds out from $STATE{load}"))
        let json = try run("plan", "--json", "job.yaml", in: sandbox).output
        let plan = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let tasks = try #require(plan["tasks"] as? [[String: Any]])
        #expect((tasks[1]["for_each"] as? [String: Int])?["count"] == 2)
        #expect(tasks[4]["parent"] as? String == "publish")
    }

    @Test func planOfARestartCountsTheTasksOfAGroup() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: restarted}
            tasks:
              load:
                task: Shell
                for_each: [a, b, c]
                parameters: {command: test "$ITEM" != b}
              last: {task: Shell, dependencies: [load], parameters: {command: "true"}}
            """
        #expect(try sandbox.run(job).exitCode == 2)
        let text = try sandbox.start(["plan", "-r", "job.yaml"]).wait().output
        #expect(text.contains("(2: done, kept; 1: failed, run again; "), "\(text)")
    }

    @Test func theDisplaySaysHowManyOfAGroupFailed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: many}
            loggers: {lines: {logger: JSONLinesLogger, parameters: {path: lines.jsonl}}}
            tasks:
              load:
                task: Shell
                for_each: [a, b, c, d, e, f]
                parameters:
                  command: test "$ITEM" = a
            """
        let result = try sandbox.run(job)
        #expect(result.exitCode == 5)
        #expect(result.output.contains("5 tasks failed:"), "\(result.output)")
        #expect(result.output.contains("\n  load: 5 of 6 failed\n"))
        #expect(result.output.contains("many failed: 1 completed, 5 failed in "))
        #expect(try sandbox.read("lines.jsonl").contains(#""task":"load[a]","group":"load""#))
    }

    @Test func aGroupWithoutItemsIsTold() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.runRules(
            """
              empty: {task: Shell, for_each: [], parameters: {command: "false"}}
              broken: {task: Shell, for_each: !sub "$DICT{nothing}", parameters: {command: "true"}}
              last: {task: NoOp, dependencies: [empty]}
            """
        )
        #expect(result.exitCode == 1, "\(result.errors)")
        #expect(try sandbox.finalStates() == ["empty": "C", "broken": "F", "last": "C"])
    }
}
