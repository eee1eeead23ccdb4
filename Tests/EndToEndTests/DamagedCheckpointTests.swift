import Foundation
import Testing

/// A checkpoint that is not what was written is refused with what is known of it, and kept until the user decides.
@Suite(.ownThread) struct DamagedCheckpointTests {
    private static let job = """
        config: {name: damaged}
        tasks:
          first: {task: Increment}
          second: {task: Increment, dependencies: [first]}
          failing: {task: RequireFile, dependencies: [second], parameters: {path: gate}}
          last: {task: PrintCounter, dependencies: [failing]}
        """

    private static let file = ".flowmancer/damaged.checkpoint"

    /// The checkpoint of a run that was killed while `failing` waited, with a journal behind its first line.
    private func killedRun(in sandbox: Sandbox) throws -> Data {
        let waiting = Self.job.replacingOccurrences(of: "task: RequireFile", with: "task: Block")
            .replacingOccurrences(of: "path: gate", with: "marker: here")
        try sandbox.write(waiting, to: "job.yaml")
        let running = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        running.signal(SIGKILL)
        _ = try running.wait()
        try sandbox.write(Self.job, to: "job.yaml")
        try sandbox.write("", to: "gate")
        return try Data(contentsOf: URL(fileURLWithPath: sandbox.path(Self.file)))
    }

    /// A way to damage a checkpoint, and what is said of it.
    struct Damage: CustomTestStringConvertible, Sendable {
        var name: String
        var words: String
        var apply: @Sendable (Data) -> Data

        var testDescription: String { name }
    }

    private static let damages: [Damage] = [
        Damage(name: "empty", words: "it is empty") { _ in Data() },
        Damage(name: "first line cut off", words: "first line is damaged") { $0.prefix(60) },
        Damage(name: "bit flipped in the first line", words: "first line is damaged") { flip($0, line: 0) },
        Damage(name: "bit flipped in the last line", words: "completed by then: first, second") {
            flip($0, line: $0.split(separator: 10).count - 1)
        },
        Damage(name: "bit flipped in the second line", words: "completed by then: no task") { flip($0, line: 1) },
        Damage(name: "a line is missing", words: "does not match its checksum") { data in
            Data(data.split(separator: 10).enumerated().filter { $0.offset != 2 }.flatMap { $0.element + [10] })
        },
        Damage(name: "zeros in the middle", words: "does not match its checksum") { data in
            var data = data
            let middle = data.split(separator: 10)[0].count + 40
            for index in middle..<middle + 100 { data[index] = 0 }
            return data
        },
        Damage(name: "pickle", words: "it is not a checkpoint file") { _ in
            Data([0x80, 0x04, 0x95]) + Data("cposix\nsystem\n(S'touch pwned'\ntR.".utf8)
        },
        Damage(name: "text", words: "it is not a checkpoint file") { _ in Data("tasks: {}\n".utf8) },
        Damage(name: "future version", words: "it has format version 2, but") { _ in
            Data("07db038a {\"format\":\"flowmancer-checkpoint\",\"version\":2}\n".utf8)
        },
    ]

    private static func flip(_ data: Data, line: Int) -> Data {
        let lines = data.split(separator: 10)
        var result = data
        result[lines[line].startIndex + 20] ^= 4
        return result
    }

    @Test(arguments: damages)
    func damageIsReportedAndKeptUntilTheUserDecides(_ damage: Damage) throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let file = URL(fileURLWithPath: sandbox.path(Self.file))
        let damaged = damage.apply(try killedRun(in: sandbox))
        try damaged.write(to: file)

        let refused = try sandbox.run(Self.job, "-r")
        #expect(refused.exitCode == 99)
        #expect(refused.errors.contains("the checkpoint './.flowmancer/damaged.checkpoint' cannot be used"))
        #expect(refused.errors.contains(damage.words), "\(refused.errors)")
        #expect(refused.errors.contains("--discard-checkpoint"))
        #expect(try Data(contentsOf: file) == damaged)
        #expect(!sandbox.exists("pwned"))

        let fresh = try sandbox.run(Self.job, "-r", "--discard-checkpoint")
        #expect(fresh.exitCode == 0, "\(fresh.errors)")
        #expect(fresh.output.contains("The checkpoint of the job 'damaged' was removed, as you asked"))
        #expect(try sandbox.log("last") == ["INFO - counter = 2"])
        #expect(!sandbox.exists(Self.file))
    }

    /// What a crash leaves is no damage: the run goes on from the last whole line.
    @Test func aLineThatWasNotWholeCountsAsNotWritten() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let data = try killedRun(in: sandbox)
        try data.dropLast(7).write(to: URL(fileURLWithPath: sandbox.path(Self.file)))
        let result = try sandbox.run(Self.job, "-r")
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.contains("done, kept"))
        #expect(try sandbox.log("last") == ["INFO - counter = 2"])
    }

    @Test func thereMayBeNothingToDiscard() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let result = try sandbox.run("tasks: {a: {task: NoOp}}", "--discard-checkpoint")
        #expect(result.exitCode == 0)
        #expect(result.output.contains("There is no checkpoint of the job"))
    }

    /// The run that is under way keeps its checkpoint.
    @Test func theCheckpointOfARunningJobIsNotDiscarded() throws {
        let sandbox = try Sandbox()
        defer { sandbox.remove() }
        let job = "tasks: {a: {task: SleepLong, parameters: {marker: here}}}"
        try sandbox.write(job, to: "job.yaml")
        let first = try sandbox.start(["-j", "job.yaml"])
        #expect(waitUntil { sandbox.exists("here") })
        #expect(try sandbox.run(job, "--discard-checkpoint").exitCode == 99)
        #expect(sandbox.exists(".flowmancer/flowmancer.checkpoint"))
        first.signal(SIGKILL)
        _ = try first.wait()
    }
}
