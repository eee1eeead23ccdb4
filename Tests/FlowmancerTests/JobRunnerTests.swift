import Flowmancer
import Synchronization
import Testing

/// What a program hears of a run that it starts itself, up to where workers would begin.
@Suite struct JobRunnerTests {
    @Test(arguments: [
        (Refusal.locked, JobRunError.Code.checkpointLocked, "another run of the job 'refused' is under way"),
        (.unreadable, .checkpointUnusable, "no disk"), (.unwritable, .checkpointUnusable, "no disk"),
    ])
    private func aRunThatCannotBeginSaysWhy(refusal: Refusal, code: JobRunError.Code, text: String) async throws {
        let error = await #expect(throws: JobRunError.self) { _ = try await run(refusal).get() }
        #expect(error?.code == code)
        #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }

    @Test func noticesSayWhatTheyAreAbout() async throws {
        let notices = Mutex<[RunNotice]>([])
        _ = await run(.unwritable) { notice in notices.withLock { $0.append(notice) } }
        let codes = notices.withLock { $0.map(\.code) }
        #expect(codes == [.doubtfulJob, .nothingToRestart, .pluginFailed])
        let (doubtful, nothing, failed) = notices.withLock { ($0[0], $0[1], $0[2]) }
        #expect(doubtful.severity == .warning)
        #expect(doubtful.tasks == ["doubtful"])
        #expect(nothing.severity == .info)
        #expect(nothing.text == "No checkpoint is stored for the job 'refused'. It starts from the beginning.")
        #expect(failed.severity == .warning)
        #expect(failed.plugin == "checkpointer")
        // The error of the plug-in has the secret in it.
        #expect(failed.text == "checkpointer failed. The job continues. the end of ***")
        #expect("\(failed.code)" == "pluginFailed")
    }

    private func run(
        _ refusal: Refusal,
        report: @escaping @Sendable (RunNotice) -> Void = { _ in }
    ) async -> Result<RunResult, any Error> {
        var job = JobDefinition(name: "refused")
        (job.loggers, job.extensions) = ([:], [:])
        // Too short to be masked in output.
        job.addTask("doubtful", Push.self, parameters: ["token": "ab", "target": "here"])
        job.checkpointer = PluginDefinition(
            "RefusingCheckpointer",
            parameters: ["refusal": .string(refusal.rawValue), "secret": "hunter2-hunter2"]
        )
        var options = JobRunner.Options()
        options.isRestart = true
        options.report = report
        do { return .success(try await JobRunner(job, options: options).run()) } catch { return .failure(error) }
    }
}

enum Refusal: String, CaseIterable {
    case locked, unreadable, unwritable
}

struct RefusingCheckpointer: FlowCheckpointer {
    struct NoDisk: Error, CustomStringConvertible {
        var description: String { "no disk" }
    }

    struct Ending: Error, CustomStringConvertible {
        var description: String
    }

    @Parameter var refusal: Refusal
    @Parameter(.secret) var secret: String

    func acquireLock(for name: String) async throws -> (any CheckpointLock)? {
        if refusal == .locked { throw CheckpointLockedError(name: name, holder: "process 1") }
        return nil
    }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws { throw NoDisk() }
    func clearCheckpoint(for name: String) async throws {}

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        if refusal == .unreadable { throw NoDisk() }
        throw NoCheckpointAvailableError(name)
    }

    func onDestroy() async throws { throw Ending(description: "the end of \(secret)") }
}
