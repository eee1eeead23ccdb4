import Foundation
import Testing

/// The shared dictionary across processes.
@Suite struct SharedDictTests {
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

    @Test func everyOperationDoesWhatItSays() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        #expect(try sandbox.run("tasks: {a: {task: UseSharedDict}}").exitCode == 1)
        let log = try sandbox.log("a")
        #expect(
            log.prefix(7) == [
                "INFO - point 1 é \"quoted\"", "INFO - x 42", "INFO - contains true false", "INFO - nothing true",
                "INFO - large 1048576", "INFO - keys point",
                "INFO - error the shared dictionary's 'point' is not a Int: {\"label\":\"é \\\"quoted\\\"\",\"x\":42}",
            ]
        )
        #expect(log.last?.contains("'missing' has no value") == true)
    }
}
