import Foundation
import Testing

/// What plug-ins write to the shared dictionary, up to their own end, is there after a restart.
@Suite(.ownThread) struct PluginWriteTests {
    private static let checkpointers = [
        "", "checkpointer: {checkpointer: PlainCheckpointer, parameters: {directory: .}}\n",
    ]

    private let tasks = """
        config: {name: writes}
        tasks:
          a: {task: NoOp}
          b: {task: RequireFile, dependencies: [a], parameters: {path: gate}}
          keys: {task: PrintKeys, dependencies: [b]}

        """

    private let everything = [
        "INFO - seen-a-C seen-a-P seen-a-R seen-b-F seen-b-P seen-b-R seen-keys-D seen-keys-P seen-onDestroy seen-onFailure"
    ]

    @Test(arguments: checkpointers) func whatPluginsWriteAtTheEndIsKept(checkpointer: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = checkpointer + tasks
        let result = try sandbox.run(job + "extensions: {writing: {extension: SetForEachEvent}}")
        #expect(result.exitCode == 2)
        #expect(!result.errors.contains("extensions.writing"), "\(result.errors)")
        try sandbox.write("", to: "gate")
        #expect(try sandbox.run(job + "extensions: {}", "-r").exitCode == 0)
        #expect(try sandbox.log("keys") == everything)
    }

    /// A run that is a part of a job and succeeds is to be continued, too.
    @Test(arguments: checkpointers) func whatPluginsWriteAtTheEndOfAPartIsKept(checkpointer: String) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = checkpointer + tasks
        try sandbox.write("", to: "gate")
        let part = try sandbox.run(job + "extensions: {writing: {extension: SetForEachEvent}}", "--run-to", "a")
        #expect(part.exitCode == 0)
        #expect(try sandbox.run(job + "extensions: {}", "-r").exitCode == 0)
        #expect(
            try sandbox.log("keys") == [
                "INFO - seen-a-C seen-a-P seen-a-R seen-b-P seen-b-S seen-keys-P seen-keys-S seen-onDestroy seen-onSuccess"
            ]
        )
    }

    @Test func whatPluginsWriteAtTheEndSurvivesAKillBeforeTheirOwn() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let config = tasks.replacing("{name: writes}", with: "{name: writes, plugin_grace_seconds: 600}")
        try sandbox.write(
            config + "extensions: {writing: {extension: SetForEachEvent, parameters: {marker: waiting}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("waiting") })
        running.signal(SIGKILL)
        _ = try running.wait()
        try sandbox.write("", to: "gate")
        #expect(try sandbox.run(tasks + "extensions: {}", "-r").exitCode == 0)
        #expect(try sandbox.log("keys") == everything)
    }

    /// A checkpointer without a journal stores how the tasks ended before the plug-ins have ended, which may take long.
    @Test func theEndOfTheTasksIsStoredBeforeThePluginsHaveEnded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let config = tasks.replacing("{name: writes}", with: "{name: writes, plugin_grace_seconds: 600}")
        let job = Self.checkpointers[1] + config
        try sandbox.write(
            job + "extensions: {slow: {extension: WaitAtEnd, parameters: {marker: waiting, gate: never}}}",
            to: "job.yaml"
        )
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("waiting") })
        #expect(waitUntil { (try? sandbox.read("writes.json").contains(#""b":"F""#)) ?? false })
        running.signal(SIGKILL)
        _ = try running.wait()
        let restarted = try sandbox.run(job, "-r", "--run-to", "a")
        #expect(restarted.output.contains("done, kept: a\n"), "\(restarted.output)")
    }
}
