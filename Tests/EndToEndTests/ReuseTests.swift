import Flowmancer
import Foundation
import Testing

/// Tasks that need not run again, with the real program.
@Suite(.ownThread) struct ReuseTests {
    /// A job whose task counts its runs in `runs`.
    private func job(
        _ reuse: String = "{inputs: [in/*.txt], produces: [out.txt]}",
        command: String = "cat in/*.txt > out.txt",
        more: String = ""
    ) -> String {
        """
        config: {name: reusing}
        loggers: {}
        tasks:
          make:
            task: Shell
            reuse: \(reuse)
            parameters:
              command: echo x >> runs; \(command)
        \(more)
        """
    }

    private func sandbox(_ files: [String: String] = ["in/a.txt": "a"]) throws -> Sandbox {
        let sandbox = try Sandbox()
        try FileManager.default.createDirectory(atPath: sandbox.path("in"), withIntermediateDirectories: true)
        for (name, text) in files { try sandbox.write(text, to: name) }
        return sandbox
    }

    private func runs(_ sandbox: Sandbox) -> Int { (try? sandbox.read("runs").split(separator: "\n").count) ?? 0 }

    /// Runs a job and expects how often its task has run by then.
    private func expect(
        _ count: Int,
        _ job: String,
        in sandbox: Sandbox,
        _ arguments: String...,
        environment: [String: String] = [:],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let result = try sandbox.start(job, arguments, environment: environment).wait()
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
        #expect(runs(sandbox) == count, "\(result.output)\(result.errors)", sourceLocation: sourceLocation)
    }

    private func reason(_ sandbox: Sandbox, _ arguments: String...) throws -> String {
        let result = try sandbox.start(["plan", "-j", "job.yaml", "--json"] + arguments).wait()
        guard let text = result.output.components(separatedBy: #""reuse_reason": ""#).dropFirst().first else {
            return result.output.contains(#""reuse": "up_to_date""#) ? "up to date" : result.output + result.errors
        }
        return String(text.prefix { $0 != "\"" })
    }

    @Test func aTaskRunsAgainOnlyIfSomethingThatCountsChanged() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        try expect(1, job(), in: sandbox)
        #expect(try reason(sandbox) == "up to date")
        try expect(1, job(), in: sandbox)
        // The time of a file does not count.
        try FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: sandbox.path("in/a.txt"))
        try expect(1, job(), in: sandbox)
        try sandbox.write("b", to: "in/a.txt")
        #expect(try reason(sandbox) == "input in/a.txt changed")
        try expect(2, job(), in: sandbox)
        try sandbox.write("c", to: "in/b.txt")
        #expect(try reason(sandbox) == "input in/b.txt is new")
        try expect(3, job(), in: sandbox)
        try FileManager.default.removeItem(atPath: sandbox.path("in/b.txt"))
        #expect(try reason(sandbox) == "input in/b.txt is gone")
        try expect(4, job(), in: sandbox)
        try sandbox.write("other", to: "out.txt")
        #expect(try reason(sandbox) == "out.txt changed")
        try expect(5, job(), in: sandbox)
        try FileManager.default.removeItem(atPath: sandbox.path("out.txt"))
        #expect(try reason(sandbox) == "out.txt is missing")
        try expect(6, job(), in: sandbox)
        try expect(7, job(command: "cp in/a.txt out.txt"), in: sandbox)
        try expect(7, job(command: "cp in/a.txt out.txt"), in: sandbox)
        let versioned = "{inputs: [in/*.txt], produces: [out.txt], version: 2}"
        try expect(8, job(versioned, command: "cp in/a.txt out.txt"), in: sandbox)
        try expect(8, job(versioned, command: "cp in/a.txt out.txt"), in: sandbox)
    }

    /// Same size, and too fast for many clocks.
    @Test func anEditRightAfterTheRunIsSeen() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        for round in 0..<8 {
            try "\(round)".write(toFile: sandbox.path("in/a.txt"), atomically: false, encoding: .utf8)
            let result = try sandbox.run(job())
            #expect(result.exitCode == 0)
            #expect(try sandbox.read("out.txt") == "\(round)")
        }
    }

    @Test func anEditThatKeepsSizeAndTimeIsSeen() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let past = Date(timeIntervalSinceNow: -5_000)
        let path = sandbox.path("in/a.txt")
        try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)
        try expect(1, job(), in: sandbox)
        usleep(300_000)
        try expect(1, job(), in: sandbox)
        try "z".write(toFile: path, atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: path)
        try expect(2, job(), in: sandbox)
        #expect(try sandbox.read("out.txt") == "z")
    }

    @Test func aFailureIsNotReused() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = job(command: "cp in/a.txt out.txt && test ! -e fail")
        try expect(1, own, in: sandbox)
        try sandbox.write("b", to: "in/a.txt")
        try sandbox.write("", to: "fail")
        #expect(try sandbox.run(own).exitCode == 1)
        // Nothing counts any more of what was known before: the failure may have changed anything.
        try sandbox.write("a", to: "in/a.txt")
        try sandbox.write("a", to: "out.txt")
        try FileManager.default.removeItem(atPath: sandbox.path("fail"))
        #expect(try reason(sandbox) == "did not complete the last time")
        try expect(3, own, in: sandbox)
        try expect(3, own, in: sandbox)
    }

    @Test func outputsArePublishedAgain() async throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = job(
            command: #"cat in/*.txt > out.txt; echo rows=7 > "$FLOWMANCER_OUTPUT""#,
            more: "  last: {task: RequireFile, dependencies: [make], parameters: {path: gate}}"
        )
        for count in 1...2 {
            let result = try sandbox.run(own)
            #expect(result.exitCode == 1 && runs(sandbox) == 1, "\(count): \(result.output)\(result.errors)")
            var reader = FileCheckpointer()
            reader.checkpointDir = sandbox.path(".flowmancer")
            let contents = try await reader.readCheckpoint(for: "reusing")
            #expect(contents.outputs["make"]?.rawValue == #"{"rows":"7"}"#)
            #expect(contents.states["make"] == .completed)
        }
        // A restart keeps what was up to date, whatever has become of it.
        try FileManager.default.removeItem(atPath: sandbox.path("out.txt"))
        try sandbox.write("", to: "gate")
        try expect(1, own, in: sandbox, "-r")
        try expect(2, own, in: sandbox)
    }

    @Test func theDisplayAndPluginsSayWhy() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = job(more: "extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}")
        try expect(1, own, in: sandbox)
        let result = try sandbox.run(own)
        #expect(result.output.contains("Up to date, not run: make.\n"), "\(result.output)")
        #expect(try sandbox.run(job()).output.contains("reusing succeeded: 1 up to date"))
    }

    @Test func forceRunsATaskAllTheSame() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        try expect(1, job(), in: sandbox)
        #expect(try reason(sandbox, "--force", "make") == "--force")
        try expect(2, job(), in: sandbox, "--force", "make")
        try expect(2, job(), in: sandbox)
        let unknown = try sandbox.run(job(), "--force", "maek")
        #expect(unknown.exitCode == 1)
        #expect(unknown.errors.contains("--force: no task is named 'maek'; did you mean 'make'?"), "\(unknown.errors)")
        let both = try sandbox.run(job(), "--force", "make", "--skip", "make")
        #expect(both.exitCode == 1)
        #expect(runs(sandbox) == 2)
    }

    @Test func aSecretCountsAndIsNotStored() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        func own(_ secret: String) -> String {
            """
            config: {name: reusing}
            tasks:
              make:
                task: SecretNumber
                reuse: {}
                parameters: {pin: \(secret)}
            """
        }
        func isUpToDate(_ secret: String) throws -> Bool {
            let result = try sandbox.run(own(secret))
            #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
            return result.output.contains("1 up to date")
        }
        #expect(try !isUpToDate("271828182"))
        #expect(try isUpToDate("271828182"))
        #expect(try !isUpToDate("314159265"))
        #expect(try isUpToDate("314159265"))
        let records = try sandbox.read(".flowmancer/reuse/reusing.records")
        #expect(!records.contains("271828182") && !records.contains("314159265"))
        // Without the key, nothing can be compared.
        try FileManager.default.removeItem(atPath: sandbox.path(".flowmancer/reuse/key"))
        #expect(try !isUpToDate("314159265"))
    }

    @Test func theSharedDictionaryKeepsATaskFromBeingReused() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = """
            config: {name: reusing}
            tasks:
              count: {task: Increment, reuse: {}}
            """
        for _ in 0..<2 {
            let result = try sandbox.run(own)
            #expect(result.exitCode == 0)
            let text = "The task 'count' completed, but runs again the next time: it used the shared dictionary"
            #expect(result.errors.contains(text), "\(result.output)\(result.errors)")
            #expect(result.output.contains("1 completed"))
        }
    }

    @Test func captureBesideReuseIsAnError() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a:
                task: Shell
                reuse: {}
                parameters:
                  command: ls
                  capture: files
            """
        )
        #expect(result.exitCode == 1)
        #expect(result.errors.contains("job.yaml:7:16: error: tasks.a.parameters.capture: a task with 'reuse' cannot"))
    }

    @Test func whatIsWrongIsNamedByPlace() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a:
                task: NoOp
                reuse: {input: [x], produces: 7, version: [1]}
              b:
                task: NoOp
                reuse:
                  inputs: [in/*.txt, in/*.csv, "", ~/x, 5]
              c: {task: NoOp, reuse: true}
            """,
            to: "job.yaml"
        )
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 1)
        let lines = result.errors.split(separator: "\n").map(String.init)
        for expected in [
            "job.yaml:4:13: error: tasks.a.reuse.input: unknown key 'input'; did you mean 'inputs'?",
            "job.yaml:4:35: error: tasks.a.reuse.produces: expected a path, or a list of paths, found the number 7",
            "job.yaml:4:47: error: tasks.a.reuse.version: expected text or a number, found a list of one item",
            "job.yaml:8:36: error: tasks.b.reuse.inputs[2]: it is empty; expected a path",
            "job.yaml:8:40: error: tasks.b.reuse.inputs[3]: '~' is not expanded",
            "job.yaml:8:45: error: tasks.b.reuse.inputs[4]: expected a path (text), found the number 5",
            "job.yaml:9:26: error: tasks.c.reuse: expected a mapping of inputs, produces and version",
        ] {
            #expect(lines.contains { $0.hasPrefix(expected) }, "\(expected)\n\(result.errors)")
        }
    }

    @Test func inputsThatNobodyHasAreDoubtful() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            tasks:
              a: {task: NoOp, reuse: {produces: [out/a.csv]}}
              b:
                task: NoOp
                reuse:
                  inputs: [in/*.txt, in/*.csv, none, out/a.csv]
              c: {task: NoOp, dependencies: [a], reuse: {inputs: out, produces: [own], version: 1}}
              d: {task: NoOp, reuse: {inputs: [own/x], produces: [own/x]}, dependencies: [c]}
            """,
            to: "job.yaml"
        )
        let result = try sandbox.start(["validate", "job.yaml"]).wait()
        #expect(result.exitCode == 0)
        let places = result.errors.split(separator: "\n").map { line in
            line.split(separator: ";")[0].replacing(
                " (the path starts from the app root, \(sandbox.directory.path))",
                with: ""
            )
        }
        #expect(
            places == [
                "job.yaml:6:26: warning: tasks.b.reuse.inputs[1]: no file matches in/*.csv",
                "job.yaml:6:36: warning: tasks.b.reuse.inputs[2]: there is no file none",
                "job.yaml:6:42: warning: tasks.b.reuse.inputs[3]: 'a' produces this input, but this task does not depend on it",
                "job.yaml:8:36: warning: tasks.d.reuse.inputs[0]: the task produces this input itself, so it is never up to date",
            ],
            "\(result.errors)"
        )
    }

    @Test func aChangeWhileTheTaskRunsIsNotTakenForItsInput() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = job(command: "cat in/*.txt > out.txt; test -e late || { touch late; echo b >> in/a.txt; }")
        let result = try sandbox.run(own)
        #expect(result.errors.contains("its input in/a.txt changed while it ran"), "\(result.errors)")
        try expect(2, own, in: sandbox)
        try expect(2, own, in: sandbox)
    }

    @Test func aProductThatIsNotMadeIsNamed() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(job(command: "true"))
        #expect(result.exitCode == 0)
        #expect(result.errors.contains("of what it should produce, out.txt is missing"), "\(result.errors)")
    }

    #if DEBUG
        @Test(arguments: ["reuse.begin", "reuse.begun", "reuse.record", "reuse.half-written:2", "reuse.recorded"])
        func aKillAroundARecordNeverMakesATaskUpToDateThatIsNot(point: String) throws {
            let sandbox = try sandbox()
            defer { sandbox.remove() }
            try expect(1, job(), in: sandbox)
            try sandbox.write("b", to: "in/a.txt")
            let fault = point.contains(":") ? point : "\(point):1"
            let killed = try sandbox.run(job(), environment: ["FLOWMANCER_FAULT": fault])
            #expect(killed.exitCode == 9)
            let before = runs(sandbox)
            #expect(before == (point.hasPrefix("reuse.beg") ? 1 : 2))
            // The task is as it was the first time, but began since; or not, if nobody knows of it yet.
            try sandbox.write("a", to: "in/a.txt")
            try sandbox.write("a", to: "out.txt")
            try expect(point == "reuse.begin" ? 1 : before + 1, job(), in: sandbox)
            #expect(try sandbox.read("out.txt") == "a")
            try expect(runs(sandbox), job(), in: sandbox)
        }

        @Test func aTaskThatWasKilledRunsAgain() throws {
            let sandbox = try sandbox()
            defer { sandbox.remove() }
            let own = job(command: "cat in/*.txt > out.txt; test -e in/b.txt || sleep 100")
            let running = try sandbox.start(own, [])
            #expect(waitUntil { runs(sandbox) == 1 && sandbox.exists("out.txt") })
            running.signal(SIGKILL)
            _ = try running.wait()
            try sandbox.write("b", to: "in/b.txt")
            try expect(2, own, in: sandbox, "-r")
            try expect(2, own, in: sandbox)
        }
    #endif

    @Test func damagedRecordsAreMadeAnew() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        try expect(1, job(), in: sandbox)
        let records = ".flowmancer/reuse/reusing.records"
        let text = try sandbox.read(records)
        for (number, damaged) in ["", "x", String(text.dropLast(9)), text.replacing("out.txt", with: "oux.txt")]
            .enumerated()
        {
            try sandbox.write(damaged, to: records)
            try expect(2 + number, job(), in: sandbox)
            try expect(2 + number, job(), in: sandbox)
        }
    }

    @Test func runsOfSeveralJobsAtOnceDoNotSpoilEachOther() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let names = (0..<40).map { "t\($0)" }
        func own(_ directory: String) -> String {
            "checkpointer: {checkpointer: PlainCheckpointer, parameters: {directory: \(directory)}}\n" + """
                config: {name: reusing, max_concurrency: 4}
                extensions: {}
                loggers: {}
                tasks:

                """
                + names.map { name in
                    // Two copies at once would be in each other's way.
                    let command = "cp in/a.txt \(name).$$ && mv \(name).$$ \(name).out"
                    let reuse = "{inputs: [in], produces: [\(name).out]}"
                    return "  \(name): {task: Shell, reuse: \(reuse), parameters: {command: \(command)}}"
                }
                .joined(separator: "\n")
        }
        try sandbox.write(own("one"), to: "one.yaml")
        try sandbox.write(own("two"), to: "two.yaml")
        for name in ["one", "two"] {
            try FileManager.default.createDirectory(atPath: sandbox.path(name), withIntermediateDirectories: true)
        }
        for round in 0..<3 {
            try sandbox.write("\(round)", to: "in/a.txt")
            let both = try ["one.yaml", "two.yaml"].map { try sandbox.start(["-j", $0]) }
            for run in both { #expect(try run.wait().exitCode == 0) }
            for name in names { #expect(try sandbox.read("\(name).out") == "\(round)") }
        }
        let last = try sandbox.start(["-j", "one.yaml"]).wait()
        #expect(last.exitCode == 0)
        let again = try sandbox.start(["-j", "two.yaml"]).wait()
        #expect(again.output.contains("Up to date, not run: t0"), "\(again.output)\(again.errors)")
    }

    @Test func thePlanTellsWhatIsReusedAndWhatIsNotCertain() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        let own = job(
            more: """
                  next:
                    task: Shell
                    dependencies: [make]
                    reuse: {inputs: [out.txt], produces: [next.txt]}
                    parameters: {command: cp out.txt next.txt}
                """
        )
        try expect(1, own, in: sandbox)
        let reused = try sandbox.start(["plan", "-j", "job.yaml"]).wait()
        #expect(
            reused.output.contains("reusing: none of 2 tasks would run\n\nUp to date: make, next\n"),
            "\(reused.output)"
        )
        try sandbox.write("b", to: "in/a.txt")
        let changed = try sandbox.start(["plan", "-j", "job.yaml"]).wait()
        #expect(changed.output.contains("make  Shell  (runs: input in/a.txt changed)"), "\(changed.output)")
        #expect(changed.output.contains("(up to date, unless 'make' changes that)"), "\(changed.output)")
        let before = try FileManager.default.contentsOfDirectory(atPath: sandbox.path(".flowmancer/reuse"))
        try FileManager.default.removeItem(atPath: sandbox.path(".flowmancer"))
        #expect(try reason(sandbox) == "never completed")
        #expect(!sandbox.exists(".flowmancer") && before.count == 2)
    }

    @Test func anAbortDoesNotWaitForTheContentsOfLargeFiles() throws {
        let sandbox = try sandbox()
        defer { sandbox.remove() }
        // It has no blocks: reading it takes long all the same.
        #expect(truncate(sandbox.path("in/a.txt"), 200 << 30) == 0)
        let running = try sandbox.start(job(command: "touch out.txt"), [])
        #expect(waitUntil { running.openFiles.contains { $0.hasSuffix("in/a.txt") } }, "it reads the file")
        let start = ContinuousClock.now
        running.signal(SIGINT)
        #expect(try running.wait().exitCode == 130)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(runs(sandbox) == 0)
    }

    @Test func aRestartExpandsAGroupAgainWhoseItemsCanBeReused() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              list: {task: Shell, parameters: {command: 'echo "names+=a" >> "$FLOWMANCER_OUTPUT"'}}
              load:
                task: Shell
                for_each: $OUT{list.names}
                reuse: {version: 1}
                parameters: {command: "true"}
              fail: {task: Shell, dependencies: [load], parameters: {command: test -e ok}}
            """
        #expect(try sandbox.runRules(tasks).exitCode == 1)
        try sandbox.write("", to: "ok")
        let result = try sandbox.runRules(tasks, "-r")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.finalStates()["load[a]"] == "C")
    }
}
