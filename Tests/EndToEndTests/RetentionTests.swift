import Foundation
import Testing

/// Runs of several jobs with one directory for their logs.
@Suite(.ownThread) struct RetentionTests {
    private func makeOld(_ directory: String) throws {
        for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let old = [FileAttributeKey.modificationDate: Date(timeIntervalSinceNow: -30 * 86_400)]
            try FileManager.default.setAttributes(old, ofItemAtPath: "\(directory)/\(file)")
        }
    }

    @Test func onlyTheEndOfARunLetsItsLogsGo() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        try sandbox.write(
            """
            config: {name: long}
            tasks: {a: {task: Shell, parameters: {command: 'echo hello; touch here; while true; do sleep 0.02; done'}}}
            """,
            to: "long.yaml"
        )
        let long = try sandbox.start(["-j", "long.yaml"])
        #expect(waitUntil { sandbox.exists("here") && (try? sandbox.log("a")) == ["INFO - hello"] })
        let runs = try FileManager.default.contentsOfDirectory(atPath: sandbox.path("logs"))
        let run = try #require(runs.first { $0 != "latest" })
        try makeOld(sandbox.path("logs/\(run)"))
        let other = """
            config: {name: other}
            tasks: {b: {task: NoOp}}
            loggers: {files: {logger: FileLogger, parameters: {retention_days: 0}}}
            """
        #expect(try sandbox.run(other).exitCode == 0)
        #expect(sandbox.exists("logs/\(run)/a.log"))
        #expect(sandbox.exists("logs/latest/b.log") && !sandbox.exists("logs/\(run)/b.log"))
        long.signal(SIGKILL)
        _ = try long.wait()
        try makeOld(sandbox.path("logs/\(run)"))
        #expect(try sandbox.run(other).exitCode == 0)
        #expect(!sandbox.exists("logs/\(run)"))
    }
}
