import Dispatch
import FlowmancerCore
import FoundationEssentials
import Synchronization
import Testing

@testable import FlowmancerEngine

/// What plug-ins write when no task runs any more.
@Suite struct RunLoopTests {
    @Test func theEndIsPublishedWithoutSecrets() async throws {
        let run = try PluginsAlone(FakeCheckpointer(), FakeJournal())
        await run.finish()
        run.sink.close()
        let event = try #require(await run.sink.next())
        guard case .ended(let end) = event.content else {
            Issue.record("\(event.content)")
            return
        }
        #expect(throws: JobRunError(.noWorkers, "no workers for ***")) { try end.result.get() }
        #expect(await run.sink.next() == nil)
        await run.stop()
    }

    @Test func whatPluginsWriteAfterTheTasksIsRecorded() async throws {
        let journal = FakeJournal()
        let run = try PluginsAlone(FakeCheckpointer(), journal)
        await run.finish()
        #expect(try await run.storage.perform(.set(key: "late", value: Array("1".utf8))) == .done)
        #expect(journal.entries == [.set(key: "late", JSONText(rawValue: "1"))])
        let remains = await run.seal()
        #expect(remains.progress.sharedDict == ["late": JSONText(rawValue: "1")])
        await run.stop()
    }

    @Test func afterTheLastCheckpointValuesAreReadAndNotWritten() async throws {
        let run = try PluginsAlone(FakeCheckpointer(), nil)
        await run.finish()
        _ = try await run.storage.perform(.set(key: "k", value: Array("1".utf8)))
        let remains = await run.seal()
        #expect(remains.progress.sharedDict == ["k": JSONText(rawValue: "1")])
        let error = await #expect(throws: SharedDictError.self) {
            try await run.storage.perform(.set(key: "k", value: Array("2".utf8)))
        }
        #expect(error?.code == .unavailable)
        #expect(error?.key == "k")
        #expect(try await run.storage.perform(.get(key: "k")) == .value(Array("1".utf8), revision: 1))
        await run.stop()
        await #expect(throws: SharedDictError.self) { try await run.storage.perform(.get(key: "k")) }
    }

    /// Nothing can be recorded while the journal is being started anew. What was asked for then, and the end that came
    /// then, must not leave anybody without an answer.
    @Test func whatCannotBeRecordedAnyMoreIsRefused() async throws {
        let (journal, checkpointer) = (FakeJournal(), FakeCheckpointer())
        let run = try PluginsAlone(checkpointer, journal)
        journal.becomeDue()
        #expect(try await run.storage.perform(.set(key: "a", value: Array("1".utf8))) == .done)
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        let answers = Mutex<[Result<SharedDictReply, SharedDictError>]>([])
        let isAnswered = Latch()
        run.storage.loop.enter { loop in
            loop.perform(.set(key: "b", value: Array("1".utf8))) { answer in answers.withLock { $0.append(answer) } }
            loop.perform(.get(key: "a")) { answer in
                answers.withLock { $0.append(answer) }
                isAnswered.open()
            }
        }
        await run.finish()
        let remains = await run.seal()
        #expect(await isAnswered.wait(atMost: .seconds(60)))
        #expect(answers.withLock { $0.map { (try? $0.get()) } } == [nil, .value(Array("1".utf8), revision: 1)])
        #expect(remains.progress.sharedDict == ["a": JSONText(rawValue: "1")])
        checkpointer.gate.open()
        await run.stop()
    }

    /// The same, if the journal is there in time.
    @Test func whatWaitsForTheJournalIsRecordedOnceItIsThere() async throws {
        let (first, second) = (FakeJournal(), FakeJournal())
        let checkpointer = FakeCheckpointer([second])
        let run = try PluginsAlone(checkpointer, first)
        first.becomeDue()
        #expect(try await run.storage.perform(.set(key: "a", value: Array("1".utf8))) == .done)
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        await run.finish()
        async let reply = run.storage.perform(.set(key: "b", value: Array("1".utf8)))
        checkpointer.gate.open()
        #expect(try await reply == .done)
        #expect(second.entries == [.set(key: "b", JSONText(rawValue: "1"))])
        await run.stop()
    }
}

/// The loop of a run without workers, and the way of plug-ins to it.
private struct PluginsAlone {
    let storage = EngineSharedDictStorage()
    /// Gets all events.
    let sink = EventSink("sink", [.run, .states, .output], .withoutLoss)
    private let thread: EventLoopThread

    init(_ checkpointer: FakeCheckpointer, _ journal: FakeJournal?) throws {
        thread = try EventLoopThread()
        var job = JobDefinition(name: "job")
        // However busy the machine is, the checkpointer is waited for.
        job.configuration.pluginGrace = .seconds(600)
        (job.loggers, job.extensions) = ([:], [:])
        job.addTask("a", Work.self)
        let graph = TaskGraph(job)
        let run = RunInfo(job: job, startedAt: Date(timeIntervalSince1970: 0))
        let setup = RunLoop.Setup(
            run: run,
            job: job,
            graph: graph,
            attempts: try AttemptMessages(job, run: run.id, catalog: TypeCatalog(), restarted: [], isDebug: false),
            scheduler: Scheduler(
                graph: graph,
                policies: [RetryPolicy(maxAttempts: 1, backoff: .zero, timeout: .unlimited)],
                origins: [.fresh],
                limit: 1
            ),
            progress: RunStart(of: run.id, job, ResumePlan(job, from: nil, leftOut: []), from: nil).progress,
            shared: SharedDictStore([:]),
            plugins: PluginSet(hosted: [], sinks: [sink]),
            masker: SecretMasker(["s3cret-token"]),
            checkpointer: checkpointer.hosted(),
            journal: journal,
            limit: 1,
            cores: 1,
            keeper: nil,
            report: { _ in }
        )
        let box = Sending(setup)
        let isOpen = DispatchSemaphore(value: 0)
        thread.execute { [thread, storage] loop in
            let run = RunLoop(box.take(), on: thread, loop: loop) { _ in }
            storage.loop.open(LoopBound(run, on: thread))
            isOpen.signal()
        }
        isOpen.wait()
    }

    /// Ends the run as one whose workers cannot be started.
    func finish() async {
        await perform { $0.poolDidFail("no workers for s3cret-token") }
    }

    func seal() async -> RunLoop.Remains {
        await withCheckedContinuation { continuation in
            storage.loop.enter { continuation.resume(returning: $0.seal()) }
        }
    }

    func stop() async {
        storage.loop.close()
        await thread.stop()
    }

    private func perform(_ body: @escaping @Sendable (RunLoop) -> Void) async {
        await withCheckedContinuation { continuation in
            storage.loop.enter {
                body($0)
                continuation.resume()
            }
        }
    }
}

private struct Work: FlowTask {
    func run() async throws {}
}
