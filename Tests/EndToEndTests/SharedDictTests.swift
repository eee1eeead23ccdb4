import Foundation
import Testing

/// The shared dictionary across processes.
@Suite(.ownThread) struct SharedDictTests {
    @Test func aTypedKeyMeansTheSameValueAsItsName() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: UseSharedKey}}").exitCode == 1)
        let log = try sandbox.log("a")
        #expect(log.prefix(3) == ["INFO - before false true", "INFO - value 42 42", "INFO - words false"])
        #expect(log.contains { $0.contains("the shared dictionary's 'typed' is not of type Int: \"text\"") }, "\(log)")
    }

    @Test func incrementsFromManyTasksAreAllCounted() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let names = (1...8).map { "t\($0)" }
        let tasks = names.map { "  \($0): {task: Increment, parameters: {times: 100}}" }.joined(separator: "\n")
        let result = try sandbox.run(
            "tasks:\n\(tasks)\n  sum: {task: PrintCounter, dependencies: [\(names.joined(separator: ", "))]}"
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("sum") == ["INFO - counter = 800"])
    }

    @Test func updatesTakeTurns() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let names = (1...100).map { "t\($0)" }
        let result = try sandbox.run(
            """
            tasks:
            \(names.map { "  \($0): {task: CountComputations}" }.joined(separator: "\n"))
              sum: {task: PrintCounter, dependencies: [\(names.joined(separator: ", "))]}
            """
        )
        #expect(result.exitCode == 0)
        #expect(try sandbox.log("sum") == ["INFO - counter = 100"])
        for name in names { #expect(try sandbox.log(name) == ["INFO - computed 1"]) }
    }

    @Test func oneTaskMayHaveAnyNumberOfUpdatesUnderWay() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              a: {task: IncrementConcurrently, parameters: {times: 1000}}
              b: {task: IncrementConcurrently, parameters: {times: 1000}}
              sum: {task: PrintCounter, dependencies: [a, b]}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("sum") == ["INFO - counter = 2000"])
    }

    @Test(arguments: [("exit", 1), ("throw", 1)])
    func anUpdateThatBreaksOffLetsTheNextOneGoOn(way: String, exitCode: Int32) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        // The others ask for their turn while the first one has it.
        try sandbox.write(
            """
            tasks:
              breaking: {task: BreakUpdate, parameters: {way: \(way), marker: updating}}
              waiting: {task: RunChild, parameters: {script: 'while [ ! -e updating ]; do sleep 0.02; done'}}
              a: {task: Increment, dependencies: [waiting]}
              b: {task: Increment, dependencies: [waiting]}
              go: {task: RunChild, dependencies: [waiting], parameters: {script: 'sleep 0.2; touch go'}}
              sum: {task: PrintCounter, dependencies: [a, b]}
            """,
            to: "job.yaml"
        )
        let result = try sandbox.start(["-j", "job.yaml"]).wait()
        #expect(result.exitCode == exitCode, "\(result.errors)")
        #expect(try sandbox.log("sum") == ["INFO - counter = 2"])
    }

    @Test func anUpdateThatHangsDoesNotHoldTheOthersUpForEver() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run(
            """
            tasks:
              hanging: {task: BreakUpdate, parameters: {way: hang, marker: updating}}
              waiting: {task: RunChild, parameters: {script: 'while [ ! -e updating ]; do sleep 0.02; done'}}
              a: {task: Increment, dependencies: [waiting]}
              b: {task: Increment, dependencies: [waiting]}
              stop: {task: RunChild, dependencies: [a, b], parameters: {script: 'touch stop'}}
              sum: {task: PrintCounter, dependencies: [hanging]}
            """
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(try sandbox.log("sum") == ["INFO - counter = 2"])
    }

    @Test func aWriteDuringAnUpdateIsNotLost() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: SetDuringUpdate}}").exitCode == 0)
        #expect(try sandbox.log("a") == ["INFO - value 101"])
    }

    @Test func everyOperationDoesWhatItSays() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: UseSharedDict}}").exitCode == 1)
        let log = try sandbox.log("a")
        #expect(
            log.prefix(7) == [
                "INFO - point 1 é \"quoted\"", "INFO - x 42", "INFO - contains true false", "INFO - nothing true",
                "INFO - large 1048576", "INFO - keys point",
                "INFO - error the shared dictionary's 'point' is not of type Int: {\"label\":\"é \\\"quoted\\\"\",\"x\":42}",
            ]
        )
        #expect(log.last?.contains("'missing' has no value") == true)
    }
}
