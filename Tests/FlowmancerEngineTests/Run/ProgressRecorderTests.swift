import Dispatch
import FlowmancerCore
import Synchronization
import Testing

@testable import FlowmancerEngine

/// What ``RecorderState`` decides is carried out. What it decides is tested by itself.
@Suite struct ProgressRecorderTests {
    @Test func aStepIsInTheJournalBeforeItCanBeActedOn() async throws {
        let journal = FakeJournal()
        let recording = try Recording(FakeCheckpointer(), journal)
        await recording.record("a")
        #expect(journal.entries == [.set(key: "a", JSONText(rawValue: "1"))])
        #expect(await journal.isSynchronising.wait(atMost: .seconds(60)))
        await recording.stop()
        await recording.finish()
    }

    @Test func aJournalThatTakesNoStepIsClosedAndAnotherOneStarted() async throws {
        let (first, second) = (FakeJournal(), FakeJournal())
        let checkpointer = FakeCheckpointer([second])
        let recording = try Recording(checkpointer, first)
        first.fillUp()
        await recording.record("a")
        #expect(await first.isClosed.wait(atMost: .seconds(60)))
        #expect(await recording.hasPassed { $0.isBehind })
        checkpointer.gate.open()
        #expect(await recording.hasPassed { second === $0.journal as? FakeJournal })
        #expect(recording.notices == [.checkpointFailing(FakeJournal.Failure().inWords), .checkpointRecovered])
        await recording.stop()
        await recording.finish()
    }

    @Test func theRunWaitsForAJournalThatIsReplaced() async throws {
        let (first, second) = (FakeJournal(), FakeJournal())
        let checkpointer = FakeCheckpointer([second])
        let recording = try Recording(checkpointer, first)
        first.becomeDue()
        await recording.record("a")
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        #expect(await recording.hasPassed { $0.isBlocked && !$0.isBehind })
        checkpointer.gate.open()
        #expect(await recording.isResumed.wait(atMost: .seconds(60)))
        #expect(await recording.hasPassed { !$0.isBlocked && second === $0.journal as? FakeJournal })
        #expect(await first.isClosed.wait(atMost: .seconds(60)))
        await recording.stop()
        await recording.finish()
    }

    @Test func aCheckpointerThatDoesNotAnswerIsNotWaitedFor() async throws {
        let (first, late) = (FakeJournal(), FakeJournal())
        let checkpointer = FakeCheckpointer([late])
        let recording = try Recording(checkpointer, first, patience: .milliseconds(1))
        first.becomeDue()
        await recording.record("a")
        #expect(await recording.isResumed.wait(atMost: .seconds(60)))
        await recording.record("b")
        #expect(first.entries.count == 2)
        checkpointer.gate.open()
        #expect(await late.isClosed.wait(atMost: .seconds(60)))
        #expect(await first.isClosed.wait(atMost: .seconds(60)))
        await recording.stop()
        await recording.finish()
    }

    @Test func aJournalThatIsThereAfterTheEndIsClosed() async throws {
        let (first, late) = (FakeJournal(), FakeJournal())
        let checkpointer = FakeCheckpointer([late])
        let recording = try Recording(checkpointer, first)
        first.becomeDue()
        await recording.record("a")
        #expect(await checkpointer.isAsked.wait(atMost: .seconds(60)))
        await recording.stop()
        #expect(await recording.hasPassed { !$0.isBlocked })
        await recording.record("b")
        #expect(first.entries.count == 1)
        checkpointer.gate.open()
        #expect(await late.isClosed.wait(atMost: .seconds(60)))
        await recording.finish()
    }

    @Test func withoutAJournalCheckpointsAreWritten() async throws {
        let checkpointer = FakeCheckpointer()
        let recording = try Recording(checkpointer, nil)
        await recording.record("a")
        #expect(await checkpointer.isWritten.wait(atMost: .seconds(60)))
        #expect(await recording.hasPassed { !$0.isBehind && $0.journal == nil && $0.endPeriodicWrites() })
        await recording.stop()
        await recording.finish()
    }

    /// A disk may take its time to say that it failed. By then, another journal may have taken the place of the one that
    /// it speaks of.
    @Test func theLateFailureOfAnEarlierJournalIsNoneOfTheNextOne() async throws {
        let answer = DispatchSemaphore(value: 0)
        let first = FakeJournal {
            answer.wait()
            throw FakeJournal.Failure()
        }
        let second = FakeJournal()
        let checkpointer = FakeCheckpointer([second])
        checkpointer.gate.open()
        let recording = try Recording(checkpointer, first) { _ in second.isSynchronising.open() }
        await recording.record("a")
        #expect(await first.isSynchronising.wait(atMost: .seconds(60)))
        first.becomeDue()
        await recording.record("b")
        #expect(await recording.hasPassed { second === $0.journal as? FakeJournal })
        answer.signal()
        await recording.record("c")
        #expect(await second.isSynchronising.wait(atMost: .seconds(60)))
        #expect(recording.notices == [])
        #expect(await recording.hasPassed { second === $0.journal as? FakeJournal })
        #expect(second.entries == [.set(key: "c", JSONText(rawValue: "1"))])
        await recording.stop()
        await recording.finish()
    }
}

/// A recorder on a loop of its own.
private final class Recording: Sendable {
    /// Opened when what waited may go on.
    let isResumed = Latch()
    private let thread: EventLoopThread
    private let entrance = LoopEntrance<ProgressRecorder>()
    private let reported = Mutex<[RunNotice]>([])

    /// - Parameter patience: How long the checkpointer is waited for: however busy the machine is, nearly always.
    init(
        _ checkpointer: FakeCheckpointer,
        _ journal: FakeJournal?,
        patience: Duration = .seconds(600),
        report: @escaping @Sendable (RunNotice) -> Void = { _ in }
    ) throws {
        thread = try EventLoopThread()
        var configuration = JobConfiguration()
        configuration.pluginGrace = patience
        configuration.checkpointerInterval = .milliseconds(1)
        thread.execute { [self, configuration] loop in
            let recorder = ProgressRecorder(
                thread: thread,
                loop: loop,
                checkpointer: checkpointer.hosted(),
                journal: journal,
                configuration: configuration,
                report: { [self] notice in
                    reported.withLock { $0.append(notice) }
                    report(notice)
                },
                snapshot: { CheckpointContents(name: "job") },
                resumed: { [self] in isResumed.open() }
            )
            entrance.open(LoopBound(recorder, on: thread))
        }
    }

    var notices: [RunNotice] { reported.withLock(\.self) }

    /// Records that a value was set.
    func record(_ key: String) async {
        await perform { $0.record([.set(key: key, JSONText(rawValue: "1"))]) }
    }

    /// Waits until something is so of the recorder.
    func hasPassed(_ condition: @escaping @Sendable (ProgressRecorder) -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            let isSo = Mutex(false)
            await perform { recorder in
                let value = condition(recorder)
                isSo.withLock { $0 = value }
            }
            if isSo.withLock({ $0 }) { return true }
        }
        return false
    }

    /// Ends the recording.
    func stop() async { await perform { $0.stop() } }

    /// Ends the thread.
    func finish() async {
        entrance.close()
        await thread.stop()
    }

    private func perform(_ body: @escaping @Sendable (ProgressRecorder) -> Void) async {
        await withCheckedContinuation { continuation in
            // The recorder is made by the job before this one.
            thread.execute { [entrance] _ in
                entrance.enter {
                    body($0)
                    continuation.resume()
                }
            }
        }
    }
}
