import Foundation
import Testing

/// Workers are forked from a zygote, where the program allows that; where it does not, they are made one by one.
@Suite(.ownThread) struct ZygoteTests {
    @Test(arguments: ["pool", "process"])
    func whatAProgramOpensBeforehandEveryWorkerOpensForItself(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...8).map { "  t\($0): {task: RunChild, parameters: {script: 'grep -qx $PPID prelude'}}" }
        let result = try sandbox.run(
            "config: {isolation: \(isolation)}\ntasks:\n" + tasks.joined(separator: "\n"),
            environment: ["TEST_APP_PRELUDE": "open"]
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...8 { #expect(try sandbox.log("t\(number)") == ["INFO - child ended with 0"]) }
    }

    @Test func aProgramWithThreadsDoesWithoutAZygote() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...8).map { "  t\($0): {task: RunChild, parameters: {script: 'echo done'}}" }
        let result = try sandbox.run(
            "config: {isolation: process}\ntasks:\n" + tasks.joined(separator: "\n"),
            environment: ["TEST_APP_PRELUDE": "thread"]
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...8 { #expect(try sandbox.log("t\(number)") == ["INFO - done", "INFO - child ended with 0"]) }
    }

    @Test func whatAProgramPrintsBeforehandIsInNoLog() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...8).map { "  t\($0): {task: Print, parameters: {text: hello}}" }
        let result = try sandbox.run(
            "tasks:\n" + tasks.joined(separator: "\n"),
            environment: ["TEST_APP_PRELUDE": "print"]
        )
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...8 { #expect(try sandbox.log("t\(number)") == ["INFO - hello"]) }
    }
}
