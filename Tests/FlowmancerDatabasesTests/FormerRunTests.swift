import FlowmancerCore
import FlowmancerDatabases
import FoundationEssentials
import Glibc
import Testing

struct FormerRunTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    private func task(
        _ name: String,
        _ state: ExecutionState,
        attempt: Int = 0,
        from begin: Double? = nil,
        to end: Double? = nil
    ) -> FormerRun.Task {
        FormerRun.Task(
            name: name,
            state: state,
            attempt: attempt,
            startedAt: begin.map(start.addingTimeInterval),
            endedAt: end.map(start.addingTimeInterval)
        )
    }

    private func run(
        _ outcome: String?,
        id: RunID? = RunID(),
        host: String = "elsewhere",
        process: Int = .max,
        _ tasks: [FormerRun.Task]
    ) -> FormerRun {
        FormerRun(
            id: id,
            job: "nightly",
            host: host,
            process: process,
            isRestart: true,
            startedAt: start,
            endedAt: outcome == nil || outcome == "interrupted" ? nil : start.addingTimeInterval(60),
            outcome: outcome,
            tasks: tasks
        )
    }

    private func digest(_ run: FormerRun) -> RunDigest {
        var digest = RunDigest(run.shape)
        for event in run.events { digest.apply(event) }
        return digest
    }

    @Test func whatWasKnownOfTheTasksIsTold() throws {
        let former = run(
            "failed",
            [
                task("a", .completed), task("b", .failed, attempt: 3, from: 5, to: 9),
                task("c", .completed, attempt: 1, from: 2, to: 5), task("d", .defaulted),
            ]
        )
        let digest = digest(former)
        #expect(digest.missingEvents == 0 && digest.unknownEvents == 0)
        #expect(digest.conclusion?.state == .failed)
        #expect(digest.conclusion?.counts == digest.counts.filter { $0.value > 0 })
        #expect(digest.endedAt == start.addingTimeInterval(60))
        #expect(digest.tasks.map(\.state) == [.completed, .failed, .completed, .defaulted])
        #expect(digest.tasks[0].attempts.isEmpty && digest.tasks[0].since == start)
        #expect(digest.tasks[1].attempts.map(\.number) == [3])
        #expect(digest.tasks[1].duration == .seconds(4))
        #expect(digest.tasks[3].since == start.addingTimeInterval(60))
        #expect(former.record.isRestart && former.record.hostName == "elsewhere" && !former.isInterrupted)
    }

    @Test func aRunThatDiedHasNoEnd() {
        let former = run("interrupted", [task("a", .running, attempt: 2, from: 1), task("b", .initial)])
        #expect(former.isInterrupted)
        #expect(former.events.map(\.conclusion) == [nil])
        let digest = digest(former)
        #expect(digest.tasks.map(\.state) == [.running, .pending])
        #expect(digest.tasks[0].attempts.first?.start == start.addingTimeInterval(1))
    }

    @Test func whereItIsNotKnownWhetherARunDiedItsProcessMayShowIt() {
        let own = ProcessInfo.processInfo.hostName
        #expect(!run(nil, process: 1 << 30, []).isInterrupted)
        #expect(run(nil, host: own, process: 1 << 30, []).isInterrupted)
        #expect(!run(nil, host: own, process: Int(getpid()), []).isInterrupted)
    }

    @Test func aRunWithoutAnIdGetsOneOfItsTime() {
        let former = run("succeeded", id: nil, [])
        #expect(abs(former.record.id.date.timeIntervalSince(start)) < 0.01)
        #expect(former.events.count == 1)
    }

    @Test func whatBeganAndEndedAtOneMomentStaysInOrder() {
        let tasks = (0..<50).map { task("t\($0)", .completed, attempt: 1, from: 1, to: 1) }
        let digest = digest(run("succeeded", tasks))
        #expect(digest.tasks.allSatisfy { $0.attempts.count == 1 && $0.duration == .zero })
        #expect(digest.counts[.completed] == 50)
    }
}
