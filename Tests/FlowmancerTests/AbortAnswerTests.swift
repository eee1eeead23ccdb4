import FlowmancerCore
import FlowmancerSystem
import Foundation
import Glibc
import Testing

@testable import Flowmancer

/// What becomes of the request to abort a run, where no engine is to be told.
@Suite struct AbortAnswerTests {
    private func run(
        _ end: RunState? = nil,
        life: ProcessLife = .gone,
        host: String = ProcessInfo.processInfo.hostName,
        process: RunProcess? = RunProcess(number: 1 << 30, startTicks: 1, bootID: "another start")
    ) -> KeptRun {
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let record = RunRecord(id: RunID(), jobName: "demo", hostName: host, process: process, startedAt: start)
        let event = end.map { RecordedEvent(number: 1, time: start, RunConclusion(state: $0, counts: [.completed: 2])) }
        return KeptRun(record, end: event, life: life)
    }

    @Test(
        arguments: [
            (.succeeded, "is over: it succeeded"), (.failed, "is over: it failed"),
            (.aborted, "is over: it was aborted"),
        ] as [(RunState, String)]
    )
    func aRunThatHasEndedIsOver(state: RunState, words: String) {
        let run = run(state)
        #expect(run.request(.abort) == .over)
        #expect(run.explanation(of: .over).contains("\(words), 20"))
        #expect(run.explanation(of: .over).hasSuffix("(2 completed)"))
    }

    @Test func aRunThatWasInterruptedIsOver() {
        let run = run()
        #expect(run.request(.kill) == .over)
        #expect(run.explanation(of: .over).contains("was interrupted: its process is gone"))
    }

    @Test(arguments: [ProcessLife.alive, .notKnown]) func aRunOnAnotherMachineIsElsewhere(life: ProcessLife) {
        let run = run(life: life, host: "far-away")
        #expect(run.request(.abort) == .elsewhere)
        #expect(run.explanation(of: .elsewhere).contains("abort it on the machine 'far-away'"))
    }

    /// What is under way until it is asked, and has no process any more.
    @Test func aRunWhoseProcessEndsMeanwhileIsOver() throws {
        let own = try #require(RunProcess.current)
        for process in [
            RunProcess(number: own.number, startTicks: own.startTicks + 1, bootID: own.bootID),
            RunProcess(number: own.number, startTicks: own.startTicks, bootID: "another start"),
        ] {
            let run = run(life: .alive, process: process)
            #expect(run.request(.abort) == .over)
            #expect(run.explanation(of: .over).contains("has no process any more"))
        }
    }

    @Test func aRunWithoutAProcessOnRecordIsUnknown() {
        for life in [ProcessLife.alive, .notKnown] {
            let run = run(life: life, process: nil)
            #expect(run.request(.abort) == .unknown)
            #expect(run.explanation(of: .unknown).contains("cannot be found out"))
        }
    }

    @Test func whatTheSystemRefusesIsSaid() {
        let run = run(life: .alive, process: RunProcess(number: 77, startTicks: 1, bootID: ""))
        let refusal = run.explanation(of: .refused(.notPermitted))
        #expect(refusal.contains("another user, who alone can abort it (process 77)"))
        #expect(run.explanation(of: .refused(.noFunction)).contains("(process 77): Function not implemented"))
    }
}
