import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage
import Testing

@testable import FlowmancerEngine

@Suite struct WorkerPoolTests {
    private let loop: EventLoop
    private let workers: FakeWorkers
    private let run = FakeRun()
    private let pool: WorkerPool

    init() throws {
        loop = try EventLoop()
        workers = FakeWorkers()
        // Two workers to begin with.
        pool = WorkerPool(workers, cores: 1, on: loop, delegate: run)
    }

    private func link(_ worker: Int) throws -> FakeLink { try #require(workers.links[worker]) }

    /// Has a worker execute two tasks in no time, so that it may hold what comes next.
    private func beQuick() {
        pool.submit(.of(1), .now)
        workers.welcome(0)
        workers.end(0, 1)
        pool.submit(.of(2), .now)
        workers.end(0, 2)
    }

    @Test func anAttemptGoesToAWorkerAndItsEndToTheRun() throws {
        pool.submit(.of(1), .now)
        #expect(run.heard == [])
        workers.welcome(0)
        #expect(pool.assignment(of: 1) == .of(1))
        #expect(try link(0).sent == ["give 1"])
        pool.flush()
        #expect(try link(0).sent == ["give 1", "flush"])
        "line".utf8.withContiguousStorageIfAvailable { pool.worker(0, didWrite: .init($0), on: .output) }
        pool.worker(0, didLog: LoggedLine(attempt: 1, severity: .info, message: "mine"))
        pool.worker(0, didLog: LoggedLine(attempt: 7, severity: .info, message: "another's"))
        workers.end(0, 1)
        #expect(run.heard == ["started 1", "1 wrote line", "1 logged mine", "1 succeeded"])
        #expect(pool.assignment(of: 1) == nil)
    }

    /// Otherwise a time limit would fail work that was reported in time.
    @Test func whatHasReportedItsEndIsNotUnderWay() throws {
        pool.submit(.of(1), .now)
        #expect(!pool.isUnderWay(task: 1))
        workers.welcome(0)
        #expect(pool.isUnderWay(task: 1))
        try link(0).hasReportedEnd = true
        #expect(!pool.isUnderWay(task: 1))
        try link(0).hasReportedEnd = false
        pool.kill(task: 1, remark: "killed")
        #expect(!pool.isUnderWay(task: 1))
        #expect(!pool.isUnderWay(task: 2))
    }

    @Test func whatHasReportedItsEndIsNotKilled() throws {
        for task in 1...2 { pool.submit(.of(task), .now) }
        workers.welcome(0, 1)
        let (first, second) = (try link(0), try link(1))
        first.report = { [workers] in workers.end(0, 1) }
        pool.kill(task: 1, remark: "It was killed.")
        pool.kill(task: 2, remark: "It was killed.")
        #expect(first.sent == ["give 1"])
        #expect(second.sent == ["give 2", "kill"])
        workers.observer.worker(1, did: .gone(WorkerEnd(process: .killed(signal: SIGKILL))))
        #expect(run.heard == ["started 1", "started 2", "1 succeeded", "2 aborted: It was killed."])
        #expect(second.isClosed)
    }

    @Test func reportsAreTakenFromThoseThatAreBusyWhileOutputWaits() throws {
        for task in 1...2 { pool.submit(.of(task), .now) }
        workers.welcome(0, 1)
        workers.end(1, 2)
        var taken: [Int] = []
        try link(0).report = { taken.append(0) }
        try link(1).report = { taken.append(1) }
        pool.takeReports()
        #expect(taken == [])
        pool.pauseOutput(true)
        pool.takeReports()
        #expect(taken == [0])
    }

    @Test func outputOfLaterWorkersWaitsToo() throws {
        pool.submit(.of(1), .now)
        pool.pauseOutput(true)
        pool.submit(.of(2), .now)
        #expect(try link(0).isPaused && link(1).isPaused)
        pool.pauseOutput(false)
        #expect(try !link(0).isPaused && !link(1).isPaused)
    }

    @Test func whatAWorkerHoldsBeginsAfterTheEndOfTheAttemptBefore() throws {
        beQuick()
        pool.submit(.of(3), .now)
        pool.submit(.of(4), .behindAnother)
        #expect(run.heard.suffix(2) == ["started 3", "held 4"])
        workers.end(0, 3)
        #expect(run.heard.suffix(2) == ["3 succeeded", "started 4"])
        #expect(try link(0).sent.suffix(3) == ["give 3", "hold 4", "begin"])
    }

    @Test func anAttemptThatIsTooLargeFailsAlone() throws {
        beQuick()
        try link(0).tooLarge = 4
        pool.submit(.of(3), .now)
        pool.submit(.of(4), .now)
        #expect(run.heard.last == "started 3")
        workers.end(0, 3)
        let end = "4 failed: The parameters are too large: TooLarge()."
        #expect(run.heard.suffix(3) == ["3 succeeded", "started 4", end])
        pool.submit(.of(5), .now)
        #expect(run.heard.last == "started 5")
    }

    /// The run is told everything in the order in which it was decided.
    @Test func whatTheRunAsksForMeanwhileComesAfterwards() throws {
        beQuick()
        pool.submit(.of(3), .now)
        pool.submit(.of(4), .now)
        run.ended = { [pool] in if $0.task == 3 { pool.submit(.of(5), .now) } }
        workers.end(0, 3)
        #expect(run.heard.suffix(4) == ["held 4", "3 succeeded", "started 4", "held 5"])
    }

    @Test func requestsAreOfAttemptsOnly() throws {
        pool.submit(.of(1), .now)
        workers.welcome(0)
        workers.observer.worker(0, didRequest: .keys, id: 1)
        workers.observer.worker(0, didRequest: nil, id: 2)
        workers.end(0, 1)
        workers.observer.worker(0, didRequest: .keys, id: 3)
        #expect(run.heard == ["started 1", "1 asked", "1 succeeded"])
        let answers = try link(0).sent.filter { $0.hasPrefix("answer") }
        #expect(answers.map { $0.prefix(18) } == ["answer 1: result(F", "answer 2: refused(", "answer 3: refused("])
    }

    @Test func whereNoMoreWorkersAreToBeHadOneIsAskedForAtATime() throws {
        workers.refusal = SystemError("pipe", .tooManyOpenFiles)
        for task in 1...9 { pool.submit(.of(task), .now) }
        #expect(run.heard == ["limit 0: pipe: Too many open files"])
        workers.refusal = nil
        while workers.links.isEmpty { loop.turn() }
        #expect(workers.links.count == 1)
    }

    @Test func aRunThatIsOverHearsNothingMore() throws {
        run.failed = { [pool] in pool.shutDown() }
        pool.submit(.of(1), .now)
        workers.refusal = SystemError("fork", .permissionDenied)
        pool.submit(.of(2), .now)
        let reason = "failed: The worker processes could not be started: fork: Permission denied."
        #expect(run.heard == [reason])
        #expect(try workers.isShutDown && link(0).isClosed)
        workers.welcome(0)
        pool.submit(.of(3), .now)
        #expect(run.heard == [reason])
    }

    @Test func aWorkerThatIsNotReadyInTimeIsKilled() throws {
        let workers = FakeWorkers(startLimit: .milliseconds(1))
        let pool = WorkerPool(workers, cores: 1, on: loop, delegate: run)
        pool.submit(.of(1), .now)
        let first = try #require(workers.links[0])
        workers.observer.worker(0, did: .started)
        while first.sent.isEmpty { loop.turn() }
        #expect(first.sent == ["kill"])
        withExtendedLifetime(pool) {}
    }

    /// With `isolation: process`, thousands of workers come and go in a second.
    @Test func noTimerOutlivesItsPhase() {
        for task in 1...5_000 {
            pool.submit(.of(task, isolation: .process), .now)
            workers.welcome(0)
            workers.end(0, UInt64(task))
            workers.observer.worker(0, did: .gone(WorkerEnd(process: .exited(code: 0))))
        }
        #expect(run.heard.count == 10_000)
        #expect(loop.timerCount < 2_500)
    }
}
