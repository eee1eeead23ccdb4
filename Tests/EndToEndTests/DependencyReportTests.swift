import Foundation
import Testing

/// What tasks that react are told of those that they depend on.
@Suite(.ownThread) struct DependencyReportTests {
    @Test func thoseWhoReactAreToldHowTheirDependenciesEnded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              load: {task: Shell, parameters: {command: exit 3}}
              next: {task: NoOp, dependencies: [load]}
              fine: {task: Print, parameters: {text: hi}}
              out: {task: NoOp}
              swift: {task: PrintDependencies, dependencies: [next, load, fine, out], run_if: any_failed}
              plain: {task: PrintDependencies, dependencies: [fine]}
              command:
                task: Shell
                dependencies: [load, fine]
                run_if: all_finished
                parameters: {command: 'cat "$FLOWMANCER_DEPENDENCIES"; cp "$FLOWMANCER_DEPENDENCIES" copy.json'}
              usual:
                task: Shell
                dependencies: [fine]
                parameters: {command: 'echo "<$FLOWMANCER_DEPENDENCIES>"'}
            """
        let result = try sandbox.runRules(tasks, "--skip", "out")
        #expect(result.exitCode == 2)
        let swift = try sandbox.log("swift")
        #expect(swift.count == 5)
        #expect(swift.first == "INFO - next defaulted: its dependency 'load' failed (false)")
        #expect(swift[1].hasPrefix("INFO - load failed: ") && swift[1].contains("3") && swift[1].hasSuffix("(true)"))
        #expect(swift[2] == "INFO - fine completed: - (true)")
        #expect(swift[3] == "INFO - out skipped: left out on request (false)")
        #expect(try sandbox.log("plain") == ["INFO - told of 0"])
        #expect(try sandbox.log("usual") == ["INFO - <>"])

        struct End: Decodable {
            let name, state: String
            let reason, log: String?
        }
        let ends = try JSONDecoder().decode([End].self, from: Data(sandbox.read("copy.json").utf8))
        #expect(ends.map(\.name) == ["load", "fine"])
        #expect(ends.map(\.state) == ["failed", "completed"])
        #expect(ends[0].reason?.contains("3") == true && ends[1].reason == nil)
        let log = try #require(ends[0].log)
        #expect(log.hasPrefix("/") && log.hasSuffix("/load.log") && !log.contains("latest"))
        #expect(FileManager.default.contentsEqual(atPath: log, andPath: try sandbox.logFile("load")))
    }

    /// The run has no plug-in that would keep the reasons of failures anyway.
    @Test(arguments: ["pool", "process"])
    func theyAreToldWithoutPluginsToo(isolation: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = """
            config: {name: rules, isolation: \(isolation)}
            loggers: {}
            extensions: {}
            tasks:
              load: {task: Fail, max_attempts: 2}
              react: {task: PrintDependencies, dependencies: [load], run_if: any_failed, max_attempts: 2}
              command:
                task: Shell
                dependencies: [load]
                run_if: any_failed
                parameters: {command: 'cat "$FLOWMANCER_DEPENDENCIES" > told'}
            """
        #expect(try sandbox.run(job).exitCode == 1)
        let end = #"{"name": "load", "state": "failed", "reason": "Failure: as intended", "log": null}"#
        #expect(try sandbox.read("told") == "[\n\(end)\n]\n")
    }

    @Test func aSecretInAReasonIsMasked() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let tasks = """
              leak: {task: Leak, parameters: {token: s3cret-token}}
              react:
                task: Shell
                dependencies: [leak]
                run_if: any_failed
                parameters: {command: 'cp "$FLOWMANCER_DEPENDENCIES" copy.json'}
            """
        _ = try sandbox.runRules(tasks)
        let told = try sandbox.read("copy.json")
        #expect(told.contains("***") && !told.contains("s3cret-token"))
    }
}
