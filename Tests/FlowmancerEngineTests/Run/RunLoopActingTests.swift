import FlowmancerCore
import Testing

@testable import FlowmancerEngine

/// How decisions are recorded and carried out.
@Suite struct RunLoopActingTests {
    private static let killed = "It was killed on request."

    @Test func whatATaskPublishedIsRecordedWithItsSuccess() async throws {
        let run = try RunLoopFixture("a", "b", traits: NodeTraits(policy: RetryPolicy(maxAttempts: 2)))
        await run.begin()
        await run.start("a", "b")
        await run.end("a", .failed(.error), publishing: #"{"n":1}"#)
        await run.end("b", publishing: #"{"n":3}"#)
        await run.start("a")
        #expect(await run.perform { loop, _ in loop.snapshot().outputs } == ["b": JSONText(rawValue: #"{"n":3}"#)])
        await run.end("a", publishing: #"{"n":2}"#)
        let recorded = run.diary.lines.filter { $0.hasPrefix("record ") }
        #expect(recorded.filter { $0.hasSuffix("}") } == [#"record b C {"n":3}"#, #"record a C {"n":2}"#])
        let expected = ["a": JSONText(rawValue: #"{"n":2}"#), "b": JSONText(rawValue: #"{"n":3}"#)]
        #expect(await run.seal().progress.outputs == expected)
        await run.stop()
    }

    @Test func stepsAreRecordedBeforeTheyAreActedOn() async throws {
        let run = try RunLoopFixture("a", "b < a")
        await run.begin()
        await run.start("a")
        await run.end("a")
        await run.start("b")
        await run.end("b", .failed(.error))
        #expect(
            run.diary.lines == [
                "submit a 1", "record a R", "record a C", "submit b 1", "record b R", "record b F", "finished",
            ]
        )
        await run.stop()
    }

    @Test func whatWorkersHoldIsRecordedAsRunning() async throws {
        let run = try RunLoopFixture("a")
        await run.begin()
        await run.hold("a")
        #expect(run.diary.lines == ["submit a 1", "record a R"])
        await run.stop()
    }

    @Test func repliesOfTheSharedDictionaryComeAfterTheRecord() async throws {
        let run = try RunLoopFixture("a")
        await run.begin()
        await run.perform { [diary = run.diary] loop, _ in
            loop.perform(.set(key: "k", value: Array("1".utf8))) { _ in diary.write("reply") }
        }
        #expect(run.diary.lines == ["submit a 1", "record k 1", "reply"])
        await run.stop()
    }

    @Test func whatIsFoundOutAboutATaskIsRecordedBeforeItStarts() async throws {
        let run = try RunLoopFixture("a", traits: NodeTraits(isPrepared: true))
        await run.begin()
        await run.perform { _, _ in }
        #expect(run.diary.lines == ["record a {}", "submit a 1"])
        #expect(await run.seal().progress.decisions == ["a": JSONText(rawValue: "{}")])
        await run.stop()
    }

    // MARK: Time limits

    @Test func anAttemptThatExceedsItsLimitIsCancelledAndKilled() async throws {
        let run = try RunLoopFixture("a") {
            $0.taskTimeout = .limited(to: .milliseconds(1))
            $0.abortGrace = .milliseconds(1)
        }
        await run.begin()
        await run.start("a")
        #expect(
            await run.diary.has(
                "kill a: The task exceeded its time limit of 0.001 s and did not end within the grace period of 0.001 s, "
                    + "so it was killed."
            )
        )
        await run.end("a", .aborted)
        #expect(run.diary.lines.contains("cancel a"))
        #expect(run.diary.lines.suffix(2) == ["record a F", "finished"])
        await run.stop()
    }

    @Test func workThatIsReportedInTimeDoesNotExceedItsLimit() async throws {
        let run = try RunLoopFixture("a") { $0.taskTimeout = .limited(to: .milliseconds(1)) }
        await run.begin()
        await run.perform { _, pool in
            pool?.start("a")
            pool?.report("a")
        }
        #expect(await run.diary.has("a is over"))
        await run.perform { _, pool in pool?.takeReports() }
        #expect(run.diary.lines.suffix(2) == ["record a C", "finished"])
        #expect(!run.diary.lines.contains("cancel a"))
        await run.stop()
    }

    /// A million attempts with limits of an hour must not leave a million timers.
    @Test func theClockOfAnAttemptStopsWithIt() async throws {
        let run = try RunLoopFixture("a", "b") { $0.taskTimeout = .limited(to: .seconds(3_600)) }
        await run.begin()
        await run.start("a", "b")
        #expect(await run.perform { loop, _ in loop.timers.count } == 2)
        await run.end("a")
        #expect(await run.perform { loop, _ in Array(loop.timers.keys) } == [.limit(1, attempt: 1)])
        await run.stop()
    }

    @Test func aRunThatExceedsItsLimitIsAborted() async throws {
        let run = try RunLoopFixture("a", "b < a") {
            $0.timeout = .limited(to: .milliseconds(1))
            // However busy the machine is, it does not end.
            $0.abortGrace = .seconds(3_600)
        }
        // In one step, so that no time passes before the task runs.
        await run.perform { loop, pool in
            loop.begin()
            loop.turn()
            pool?.start("a")
        }
        #expect(await run.diary.has("cancel a"))
        await run.end("a", .aborted)
        #expect(
            run.diary.lines == [
                "submit a 1", "record a R",
                "tell: The run has exceeded its time limit of 0.001 s and is aborted, waiting up to 1 h for a. "
                    + "Press Ctrl-C to kill now.",
                "record b P", "cancel a", "record a A", "finished after 0.001 s",
            ]
        )
        await run.stop()
    }

    // MARK: Failures

    @Test func aRandomPauseEnds() async throws {
        let backoff = Backoff(first: .nanoseconds(1), jitter: 1)
        let traits = NodeTraits(policy: RetryPolicy(maxAttempts: 2, backoff: backoff))
        let run = try RunLoopFixture("a", traits: traits)
        await run.begin()
        await run.end("a", .failed(.error))
        #expect(await run.diary.has("submit a 2"))
        await run.stop()
    }

    @Test func afterTooManyFailuresNothingStarts() async throws {
        let run = try RunLoopFixture("a", "b") { $0.maxFailures = 1 }
        await run.begin()
        await run.end("a", .failed(.error))
        #expect(
            run.diary.lines == [
                "submit a 1", "submit b 1", "record a R", "record a F", "record b D", "withdraw b",
                "tell: 1 task has failed, the most that max_failures allows. 1 task does not start.", "finished",
            ]
        )
        await run.stop()
    }

    // MARK: Aborts

    @Test func anAbortCancelsAndTheNextOneKills() async throws {
        let run = try RunLoopFixture("a", "b < a")
        await run.begin()
        await run.start("a")
        await run.abort()
        await run.abort()
        await run.abort()
        await run.end("a", .aborted)
        #expect(
            run.diary.lines == [
                "submit a 1", "record a R",
                "tell: Aborting: waiting up to 10 s for a. Press Ctrl-C again to kill now.", "record b P", "cancel a",
                "tell: Killing a.", "kill a: \(Self.killed)", "record a A", "finished",
            ]
        )
        await run.stop()
    }

    @Test func whatEndedBeforeAnAbortIsNotAborted() async throws {
        let run = try RunLoopFixture("a")
        await run.begin()
        await run.perform { _, pool in
            pool?.start("a")
            pool?.report("a")
        }
        await run.abort()
        #expect(run.diary.lines == ["submit a 1", "record a R", "record a C", "finished"])
        await run.stop()
    }

    @Test func whatDoesNotEndWithinTheGracePeriodIsKilled() async throws {
        let run = try RunLoopFixture("a") { $0.abortGrace = .milliseconds(1) }
        await run.begin()
        await run.start("a")
        await run.abort()
        #expect(
            await run.diary.has("kill a: It did not end within the grace period of 0.001 s, so it was killed.")
        )
        await run.stop()
    }

    @Test func whatStartsWhileEverythingIsKilledIsKilled() async throws {
        let run = try RunLoopFixture("a", "b")
        await run.begin()
        await run.start("a")
        await run.hold("b")
        await run.abort()
        await run.abort()
        await run.start("b")
        #expect(run.diary.lines.last == "kill b: It started while the run was being aborted, so it was killed.")
        await run.stop()
    }

    /// While the journal is being started anew, nothing can be recorded, and what is cancelled has to be. The second
    /// request does not wait for that.
    @Test func theSecondAbortKillsThoughNothingCanBeRecorded() async throws {
        let (run, checkpointer) = try await abortedWhileTheJournalIsStartedAnew()
        #expect(await run.perform { loop, _ in loop.timers.isEmpty }, "the grace period began before the cancellation")
        #expect(!run.diary.lines.contains("cancel a"))
        await run.abort()
        #expect(run.diary.lines.last == "kill a: \(Self.killed)")
        await run.end("a", .aborted)
        #expect(!run.diary.lines.contains("finished"))
        checkpointer.gate.open()
        #expect(await run.diary.has("finished"))
        #expect(!run.diary.lines.contains("cancel a"))
        await run.stop()
    }

    @Test func theGracePeriodBeginsWithTheFirstCancellation() async throws {
        let (run, checkpointer) = try await abortedWhileTheJournalIsStartedAnew()
        #expect(await run.perform { loop, _ in loop.timers.isEmpty })
        checkpointer.gate.open()
        #expect(await run.diary.has("cancel a"))
        #expect(await run.perform { loop, _ in Array(loop.timers.keys) } == [.abortGrace])
        await run.stop()
    }

    /// A run of the task `a`, which runs. The checkpointer starts a journal anew until its gate is opened.
    private func abortedWhileTheJournalIsStartedAnew() async throws -> (RunLoopFixture, FakeCheckpointer) {
        let (journal, checkpointer) = (FakeJournal(), FakeCheckpointer())
        let run = try RunLoopFixture(checkpointer, journal)
        journal.becomeDue()
        await run.begin()
        await run.start("a")
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        await run.abort()
        return (run, checkpointer)
    }
}
