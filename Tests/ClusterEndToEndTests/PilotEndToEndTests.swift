import Foundation
import ProgramTestSupport
import TestSupport
import Testing

/// Jobs whose tasks run on pilots, through the real program and real connections.
@Suite(.ownThread, .timeLimit(.minutes(10))) struct PilotEndToEndTests {
    @Test func tasksRunOnPilotsAsAtHome() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let end = try cluster.sandbox.run(
            ClusterSandbox.head() + """
                  a: {task: Step}
                  b: {task: Step, dependencies: [a]}
                  home: {task: Step, dependencies: [a], executor: local}
                  count: {task: Count}
                  again: {task: Count, dependencies: [count]}
                  talk: {task: Talk, dependencies: [b]}
                  say: {task: Shell, dependencies: [again], parameters: {command: !sub "echo $OUT{again.number}"}}
                  odd: {task: Shell, allow_failure: true, parameters: {command: "echo no >&2; exit 3"}}

                """
        )
        #expect(end.exitCode == 0, "\(end.output)\n\(end.errors)")
        let places = Dictionary(grouping: cluster.notes, by: { $0[1] }).mapValues { Set($0.map { $0[3] }) }
        #expect(places["home"] == ["-"])
        #expect(places["a"]?.first?.hasPrefix("node") == true)
        #expect(try cluster.sandbox.log("say").contains { $0.hasSuffix("2") })
        let talk = try cluster.sandbox.log("talk").filter { $0.contains("out ") || $0.contains("log ") }
        #expect(talk.count == 20)
        // What is printed and what is logged keep their order.
        #expect(talk.first?.hasSuffix("out 0") == true && talk.last?.hasSuffix("log 9") == true, "\(talk)")
        #expect(try cluster.sandbox.log("odd").contains { $0.contains("code 3") })
        #expect(waitUntil { cluster.processes.isEmpty }, "nothing is left")
        #expect(!cluster.sandbox.exists(".flowmancer/pilots/clustered"))
    }

    @Test func theMachineOfAnAttemptIsKept() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        try cluster.sandbox.run(
            ClusterSandbox.head("pilots: 1") + """
                  a: {task: Nothing}
                  home: {task: Nothing, executor: local}

                """
        )
        let kept = try cluster.sandbox.start(["show", "last", "--json"]).wait()
        #expect(kept.output.components(separatedBy: #""machine": "node1""#).count == 2, "\(kept.output)")
        let shown = try cluster.sandbox.start(["show", "last"]).wait()
        #expect(shown.output.contains(#/\ba\s.*node1/#), "\(shown.output)")
        #expect(!shown.output.contains(#/home.*node1/#), "\(shown.output)")
    }

    /// Between a worker and its engine there is a little more room than between a pilot and its engine.
    @Test func whatAPilotCannotPassOnIsRefused() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let end = try cluster.sandbox.run(
            ClusterSandbox.head("pilots: 1, cpus: 1, lease: 60s") + "  a: {task: Exceed}\n"
        )
        #expect(end.exitCode == 0, "\(end.output)\n\(end.errors)")
        let lines = try cluster.sandbox.log("a")
        #expect(lines.contains { $0.contains("the value is too large to be sent") }, "\(lines)")
    }

    @Test func aPilotThatIsKilledCostsOnlyItsAttempts() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let run = try cluster.sandbox.start(
            ClusterSandbox.head("pilots: 2, cpus: 1, lease: 4s") + """
                  a: {task: Step, parameters: {gate: go}}
                  b: {task: Step, parameters: {gate: go}}
                  c: {task: Step, dependencies: [a, b]}

                """,
            []
        )
        #expect(waitUntil { cluster.notes.count == 2 }, "both run")
        kill(try #require(cluster.pilots.first), SIGKILL)
        #expect(waitUntil { cluster.notes.count >= 3 }, "what was lost runs again")
        try cluster.sandbox.write("", to: "go")
        let end = try run.wait()
        #expect(end.exitCode == 0, "\(end.output)\n\(end.errors)")
        let begun = cluster.notes.filter { $0[0] == "begin" }
        #expect(begun.count == 4)
        #expect(begun.contains { $0[2] == "2" })
        #expect((end.output + end.errors).contains("lost"))
        #expect(waitUntil { cluster.processes.isEmpty }, "nothing is left")
    }

    @Test func aPilotThatIsToldToEndSaysSo() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let run = try cluster.sandbox.start(
            ClusterSandbox.head("pilots: 1, cpus: 1, lease: 4s") + """
                  a: {task: Step, parameters: {gate: go}}

                """,
            []
        )
        #expect(waitUntil { cluster.notes.count == 1 }, "it runs")
        kill(try #require(cluster.pilots.first), SIGTERM)
        #expect(waitUntil { cluster.notes.count == 2 }, "it runs on another pilot")
        try cluster.sandbox.write("", to: "go")
        let end = try run.wait()
        #expect(end.exitCode == 0, "\(end.output)\n\(end.errors)")
        #expect(end.errors.contains("lost node1: the pilot was told to end by SIGTERM"), "\(end.errors)")
    }

    @Test func aTaskThatIsLostTooOftenHasFailed() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let run = try cluster.sandbox.start(
            ClusterSandbox.head("pilots: 1, cpus: 1, lease: 4s") + """
                  a: {task: Step, lost_attempts: 1, parameters: {gate: never}}

                """,
            []
        )
        for attempt in 1...2 {
            #expect(waitUntil { cluster.notes.count == attempt }, "attempt \(attempt) runs")
            for pilot in cluster.pilots { kill(pilot, SIGKILL) }
        }
        let end = try run.wait()
        #expect(end.exitCode == 1, "\(end.output)\n\(end.errors)")
        #expect(cluster.notes.count == 2)
    }

    @Test func aKilledEngineLeavesNothingAndItsRestartGoesOn() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let job =
            ClusterSandbox.head("pilots: 2, cpus: 1, lease: 3s") + """
                  a: {task: Step}
                  b: {task: Step, dependencies: [a], parameters: {gate: go}}

                """
        let run = try cluster.sandbox.start(job, [])
        #expect(waitUntil { cluster.notes.count == 3 }, "the second task runs")
        run.signal(SIGKILL)
        _ = try run.wait()
        try cluster.sandbox.write("", to: "go")
        let again = try cluster.sandbox.start(job, ["-r"]).wait()
        #expect(again.exitCode == 0, "\(again.output)\n\(again.errors)")
        let begun = cluster.notes.filter { $0[0] == "begin" }.map { $0[1] }
        #expect(begun.count { $0 == "a" } == 1)
        #expect(waitUntil { cluster.processes.isEmpty }, "nothing is left")
    }

    @Test func withoutTheEnginePilotsEndByThemselves() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let run = try cluster.sandbox.start(
            ClusterSandbox.head("pilots: 2, cpus: 1, lease: 2s") + """
                  a: {task: Step, parameters: {gate: never}}
                  b: {task: Step, parameters: {gate: never}}

                """,
            []
        )
        #expect(waitUntil { cluster.notes.count == 2 }, "both run")
        run.signal(SIGKILL)
        _ = try run.wait()
        #expect(waitUntil { cluster.processes.isEmpty }, "nothing is left")
    }

    @Test func anAbortEndsWhatRunsOnPilots() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let run = try cluster.sandbox.start(
            ClusterSandbox.head() + """
                  a: {task: Step, parameters: {gate: never}}
                  b: {task: Shell, parameters: {command: "sleep 1000"}}
                  c: {task: Step, dependencies: [a]}

                """,
            []
        )
        #expect(waitUntil { cluster.notes.count == 1 }, "it runs")
        run.signal(SIGINT)
        let end = try run.wait()
        #expect(end.exitCode == 130, "\(end.output)\n\(end.errors)")
        #expect(waitUntil { cluster.processes.isEmpty }, "nothing is left")
    }

    @Test func secretsAreMaskedInWhatPilotsSend() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let end = try cluster.sandbox.run(
            ClusterSandbox.head() + """
                  a: {task: Tell, parameters: {password: correct-horse-battery}}

                """
        )
        #expect(end.exitCode == 0, "\(end.output)\n\(end.errors)")
        #expect(try cluster.sandbox.log("a").contains { $0.contains("it is ***") })
    }

    @Test func whatNoMachineHasIsAnError() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let job =
            ClusterSandbox.head() + """
                  a: {task: Step, resources: {cpus: 3}}
                  b: {task: Step, executor: clutser}

                """
        let end = try cluster.sandbox.run(job)
        #expect(end.exitCode == 1)
        #expect(end.errors.contains("a node of the executor 'cluster' has only 2"), "\(end.errors)")
        #expect(end.errors.contains("there is no executor 'clutser'"), "\(end.errors)")
    }

    @Test func anExecutorOfTheCommandLineThatThereIsNotIsAnError() throws {
        let cluster = try ClusterSandbox()
        defer { cluster.sandbox.remove() }
        let end = try cluster.sandbox.run(ClusterSandbox.head() + "  a: {task: Step}\n", "--executor", "clutser")
        let text = "error: --executor: there is no executor 'clutser'; did you mean 'cluster'?"
        #expect(end.errors.contains(text), "\(end.errors)")
    }
}
