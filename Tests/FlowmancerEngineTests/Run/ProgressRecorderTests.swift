import Dispatch
import FlowmancerCore
import Synchronization
import Testing

@testable import FlowmancerEngine

@Suite struct ProgressRecorderTests {
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
        let notices = Mutex<[RunNotice]>([])
        let recorder = try Recording(checkpointer, first) { notice in
            notices.withLock { $0.append(notice) }
            second.isSynchronising.open()
        }
        await recorder.record("a")
        #expect(await first.isSynchronising.wait(atMost: .seconds(60)))
        first.becomeDue()
        await recorder.record("b")
        #expect(await recorder.hasPassed { second === $0.journal as? FakeJournal })
        answer.signal()
        await recorder.record("c")
        #expect(await second.isSynchronising.wait(atMost: .seconds(60)))
        #expect(notices.withLock { $0 } == [])
        #expect(await recorder.hasPassed { second === $0.journal as? FakeJournal })
        #expect(second.entries == [.set(key: "c", JSONText(rawValue: "1"))])
        await recorder.stop()
    }
}

/// A recorder on a loop of its own.
private struct Recording {
    private let thread: EventLoopThread
    private let entrance = LoopEntrance<ProgressRecorder>()

    init(
        _ checkpointer: FakeCheckpointer,
        _ journal: FakeJournal,
        report: @escaping @Sendable (RunNotice) -> Void
    ) throws {
        thread = try EventLoopThread()
        var configuration = JobConfiguration()
        // However busy the machine is, the checkpointer is waited for.
        configuration.pluginGrace = .seconds(600)
        thread.execute { [thread, entrance, configuration] loop in
            let recorder = ProgressRecorder(
                thread: thread,
                loop: loop,
                checkpointer: checkpointer.hosted(),
                journal: journal,
                configuration: configuration,
                report: report,
                snapshot: { CheckpointContents(name: "job") },
                resumed: {}
            )
            entrance.open(LoopBound(recorder, on: thread))
        }
    }

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

    func stop() async {
        await perform { $0.stop() }
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
