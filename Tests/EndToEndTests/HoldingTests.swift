import Foundation
import Testing

/// A worker may be given its next attempt while it executes another: nobody notices.
@Suite(.ownThread) struct HoldingTests {
    @Test func everyLineIsInTheLogOfItsOwnAttempt() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...400).map { number in
            number.isMultiple(of: 7)
                ? "  t\(number): {task: RunChild, parameters: {script: 'echo line \(number); echo last of \(number)'}}"
                : "  t\(number): {task: Print, parameters: {text: \"line \(number)\\nlast of \(number)\"}}"
        }
        let result = try sandbox.run("config: {max_concurrency: 2}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in 1...400 {
            let ofChild = number.isMultiple(of: 7) ? ["INFO - child ended with 0"] : []
            let expected = ["INFO - line \(number)", "INFO - last of \(number)"] + ofChild
            #expect(try sandbox.log("t\(number)") == expected)
        }
    }

    @Test func anAttemptIsNotKeptBehindOneThatTakesLong() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let before = (1...40).map { "  before-\($0): {task: NoOp}" }
        let after = (1...40).map { "  after-\($0): {task: NoOp}" }
        let all = (1...40).map { "after-\($0)" }.joined(separator: ", ")
        // Whatever waits behind the first of these would wait for itself.
        let long = [
            "  waiting: {task: RunChild, parameters: {script: 'until [ -e made ]; do sleep 0.01; done'}}",
            "  making: {task: RunChild, parameters: {script: touch made}, dependencies: [\(all)]}",
        ]
        let tasks = before + long.prefix(1) + after + long.suffix(1)
        let result = try sandbox.run("config: {max_concurrency: 2}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0, "\(result.errors)")
    }

    @Test func noMoreRunAtOnceThanAllowed() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let script = "touch here.$$; set -- here.*; rm here.$$; [ $# -le 2 ]"
        let tasks = (1...60).map { number in
            number.isMultiple(of: 3)
                ? "  t\(number): {task: RunChild, parameters: {script: '\(script)'}}" : "  t\(number): {task: NoOp}"
        }
        let result = try sandbox.run("config: {max_concurrency: 2}\ntasks:\n" + tasks.joined(separator: "\n"))
        #expect(result.exitCode == 0, "\(result.errors)")
        for number in stride(from: 3, through: 60, by: 3) {
            #expect(try sandbox.log("t\(number)") == ["INFO - child ended with 0"])
        }
    }

    @Test func whatEndsItsWorkerLeavesTheNextAttemptAlone() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = (1...60).map { number in
            number.isMultiple(of: 10)
                ? "  t\(number): {task: ExitProcess, parameters: {code: 3}}" : "  t\(number): {task: NoOp}"
        }
        let result = try sandbox.run(
            "config: {max_concurrency: 2}\ntasks:\n" + tasks.joined(separator: "\n")
                + "\nextensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}"
        )
        #expect(result.exitCode == 6)
        let states = try sandbox.read("states.txt")
        for number in 1...60 {
            #expect(states.contains("t\(number) \(number.isMultiple(of: 10) ? "RF" : "RC") 1\n"))
        }
    }
}
