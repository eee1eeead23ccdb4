import FlowmancerCore
import Synchronization
import Testing

@testable import FlowmancerEngine

/// What plug-ins write when no task runs any more.
@Suite struct RunLoopTests {
    @Test func whatPluginsWriteAfterTheTasksIsRecorded() async throws {
        let journal = FakeJournal()
        let run = try RunLoopFixture(FakeCheckpointer(), journal)
        await run.fail()
        #expect(try await run.storage.perform(.set(key: "late", value: Array("1".utf8))) == .done)
        #expect(journal.entries == [.set(key: "late", JSONText(rawValue: "1"))])
        let remains = await run.seal()
        #expect(remains.progress.sharedDict == ["late": JSONText(rawValue: "1")])
        await run.stop()
    }

    @Test func afterTheLastCheckpointValuesAreReadAndNotWritten() async throws {
        let run = try RunLoopFixture(FakeCheckpointer(), nil)
        await run.fail()
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
        let run = try RunLoopFixture(checkpointer, journal)
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
        await run.fail()
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
        let run = try RunLoopFixture(checkpointer, first)
        first.becomeDue()
        #expect(try await run.storage.perform(.set(key: "a", value: Array("1".utf8))) == .done)
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        await run.fail()
        async let reply = run.storage.perform(.set(key: "b", value: Array("1".utf8)))
        checkpointer.gate.open()
        #expect(try await reply == .done)
        #expect(second.entries == [.set(key: "b", JSONText(rawValue: "1"))])
        await run.stop()
    }
}
