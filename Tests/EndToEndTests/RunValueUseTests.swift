import Flowmancer
import Foundation
import Glibc
import Testing

/// What becomes of values that are known in the run only: secrets, time limits, records.
@Suite(.ownThread) struct RunValueUseTests {
    @Test func aSecretParameterMakesItsValueASecretOfTheRun() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: secrets}
            tasks:
              login: {task: Shell, parameters: {command: 'echo token=swordfish-4711 > "$FLOWMANCER_OUTPUT"; echo password=opensesame-42 >> "$FLOWMANCER_OUTPUT"'}}
              leak:
                task: Leak
                allow_failure: true
                parameters:
                  token: $OUT{login.token}
                  key: Bearer $OUT{login.password}
                  logins: {a: {password: !sub "$OUT{login.password}x"}}
              later: {task: Shell, dependencies: [leak], parameters: {command: !sub "echo $OUT{login.token} $OUT{login.password} Bearer"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 0, "\(result.output)\(result.errors)")
        let log = try sandbox.log("leak").joined(separator: "\n")
        for secret in ["swordfish", "opensesame"] {
            #expect(!log.contains(secret), "\(log)")
            #expect(!log.contains(Data(secret.utf8).base64EncodedString().prefix(8)), "\(log)")
            #expect(!(result.output + result.errors).contains(secret))
        }
        #expect(log.contains("plain ***"))
        #expect(try sandbox.log("later") == ["INFO - *** *** Bearer"])
    }

    @Test func aTimeLimitCanBePublished() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {abort_grace_seconds: 1}
            tasks:
              limit: {task: Shell, parameters: {command: 'echo ''{"short": 0.2, "bad": [], "none": "none"}'' > "$FLOWMANCER_OUTPUT"'}}
              slow: {task: Shell, timeout: !sub "$OUT{limit.short}", parameters: {command: sleep 60}}
              bad: {task: Shell, timeout: !sub "$OUT{limit.bad}", parameters: {command: 'true'}}
              free: {task: Shell, timeout: !sub "$OUT{limit.none}", parameters: {command: 'true'}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 2, "\(result.output)\(result.errors)")
        #expect(
            try sandbox.log("slow").contains {
                $0.contains("exceeded its time limit of 0.2 seconds") || $0.contains("exceeded its time limit")
            }
        )
        #expect(result.output.contains("timeout: $OUT{limit.bad} is a list that is no time limit"), "\(result.output)")
    }

    /// The engine is killed while a task runs that was given values. Another run changes what they come from.
    @Test func aKilledRunKeepsWhatItRecorded() async throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            config: {name: kept}
            tasks:
              count: {task: Increment, parameters: {times: 2}}
              source: {task: Shell, parameters: {command: 'echo v=1 > "$FLOWMANCER_OUTPUT"'}}
              user:
                task: Shell
                dependencies: [count]
                parameters: {command: !sub "echo $OUT{source.v} $DICT{counter} >> seen; test -e gate || sleep 60"}
              other: {task: Increment, dependencies: [count], parameters: {times: 5}}
            """#
        let first = try sandbox.start(job, [])
        for _ in 0..<600 where !sandbox.exists("seen") || !sandbox.exists("logs") { usleep(50_000) }
        usleep(300_000)
        kill(first.pid, SIGKILL)
        _ = try first.wait()
        let given = try sandbox.read("seen")
        try sandbox.write("", to: "gate")
        let second = try sandbox.run(job, "-r")
        #expect(second.exitCode == 0, "\(second.output)\(second.errors)")
        #expect(try sandbox.read("seen") == given + given)
    }

    @Test func manyTasksOfALongValue() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = #"""
            tasks:
              long: {task: Shell, parameters: {command: 'printf ''{"v": "%0200000d", "w": "x"}'' 1 > "$FLOWMANCER_OUTPUT"'}}
              words: {task: Shell, parameters: {command: !sub "echo $OUT{long.v}"}}
              input: {task: Shell, parameters: {command: wc -c, stdin: !sub "$OUT{long.v}"}}
            """#
        let result = try sandbox.run(job)
        #expect(result.exitCode == 1, "\(result.output)\(result.errors)")
        #expect(
            result.output.contains("a value of the run in the command has 200018 bytes")
                || result.output.contains("but the system takes at most"),
            "\(result.output)"
        )
        #expect(try sandbox.log("input") == ["INFO - 200000"])
    }
}
