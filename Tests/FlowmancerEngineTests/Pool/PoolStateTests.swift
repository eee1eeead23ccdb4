import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import FlowmancerEngine

@Suite struct PoolStateTests {
    /// A pool with the base of two workers, at a time that the test moves on.
    private struct Pool {
        var state = PoolState(
            cores: 1,
            offers: [
                WorkerOffer(runtime: .swift, canHold: true, startLimit: .seconds(20)),
                WorkerOffer(runtime: .command, canHold: true, startLimit: .seconds(20), isLight: true),
            ]
        )
        var now = SuspendingClock.now

        /// Takes in an event and returns what follows from it, in words.
        mutating func callAsFunction(_ event: PoolEvent) -> [String] {
            var actions: [PoolAction] = []
            state.handle(event, at: now, &actions)
            var words: [String] = []
            for action in actions {
                words += Self.words(action)
                // The source does what it is asked for.
                if case .start(let worker, _, _) = action { words += self(.requested(worker)) }
            }
            return words
        }

        private static func words(_ action: PoolAction) -> [String] {
            switch action {
            case .start(let worker, .swift, let isHolder): ["start \(worker)\(isHolder ? "" : " for one attempt")"]
            case .start(let worker, .command, let isHolder):
                ["start \(worker) for commands\(isHolder ? "" : " that wait")"]
            case .give(let worker, let assignment): ["give \(assignment.task) to \(worker)"]
            case .hold(let worker, let assignment): ["hold \(assignment.task) on \(worker)"]
            case .beginHeld(let worker, let assignment): ["begun \(assignment.task) on \(worker)"]
            case .recall(let worker, let assignment): ["recall \(assignment.task) from \(worker)"]
            case .cancel(let worker, let assignment, _): ["cancel \(assignment.task) on \(worker)"]
            case .kill(let worker): ["kill \(worker)"]
            case .returned(let assignment): ["returned \(assignment.task)"]
            case .ended(let assignment, let report):
                ["\(assignment.task) \(report.outcome.word)\(report.remarks.map { ": \($0.text)" }.joined())"]
            case .fail(let reason): ["fail: \(reason)"]
            case .reachedLimit(let reason, let workers): ["limit \(workers): \(reason)"]
            case .lostWorkers: ["lost"]
            case .forget, .limit, .endLimit, .watch: []
            }
        }

        mutating func end(_ worker: Int, _ task: Int, _ outcome: AttemptOutcome = .succeeded) -> [String] {
            self(.worker(worker, .ended(AttemptEnd(attempt: UInt64(task), outcome: outcome))))
        }

        mutating func gone(_ worker: Int, _ end: ProcessEnd = .exited(code: 0)) -> [String] {
            self(.worker(worker, .gone(WorkerEnd(process: end))))
        }

        /// Has worker 0 execute tasks 1 and 2 in no time and begin task 3.
        static func quick() -> Pool {
            var pool = Pool()
            for task in 1...3 {
                _ = pool(.submitted(.of(task), .now))
                if task == 1 { _ = pool(.worker(0, .ready)) }
                if task < 3 { _ = pool.end(0, task) }
            }
            return pool
        }
    }

    // MARK: Admission

    @Test func anIdleWorkerBeginsOnlyWhatIsAdmitted() {
        var pool = Pool()
        #expect(pool(.submitted(.of(1), .now)) == ["start 0"])
        #expect(pool(.submitted(.of(2), .behindAnother)) == [])
        #expect(pool(.worker(0, .ready)) == ["give 1 to 0"])
        #expect(pool.end(0, 1) == ["1 succeeded"])
        #expect(pool(.admitted(task: 2)) == ["give 2 to 0"])
    }

    @Test func whatAWorkerHoldsNeedsNoAdmission() {
        var pool = Pool.quick()
        #expect(pool(.submitted(.of(4), .behindAnother)) == ["hold 4 on 0"])
        #expect(pool.end(0, 3) == ["3 succeeded", "begun 4 on 0"])
    }

    @Test(arguments: [Admission.now, .behindAnother])
    func whatComesBackIsAdmittedIfItWasBefore(admission: Admission) {
        var pool = Pool.quick()
        _ = pool(.submitted(.of(4), .behindAnother))
        if admission == .now { _ = pool(.admitted(task: 4)) }
        let expected = admission == .now ? ["returned 4", "start 1"] : ["returned 4"]
        #expect(pool(.worker(0, .returned(attempt: 4))) == expected)
    }

    @Test func oneThatNeedsAFreshWorkerHasOneMadeReadyBeforehand() {
        var pool = Pool()
        #expect(pool(.submitted(.of(1, isolation: .process), .behindAnother)) == ["start 0 for one attempt"])
        #expect(pool(.worker(0, .ready)) == [])
        #expect(pool(.admitted(task: 1)) == ["give 1 to 0"])
    }

    /// However many attempts of the one runtime end, those of the other must not wait for that.
    @Test func everyRuntimeHasWorkersOfItsOwn() {
        var pool = Pool.quick()
        pool.state.lanes.append(
            PoolState.Lane(
                offer: WorkerOffer(runtime: .command, canHold: false, startLimit: .seconds(20)),
                demand: WorkerDemand(cores: 1)
            )
        )
        _ = pool(.submitted(.of(4), .now))
        #expect(pool.state.total == 2)
        #expect(pool(.submitted(.of(5, runtime: .command), .now)) == ["start 2 for commands"])
        #expect(pool.end(0, 3) == ["3 succeeded", "begun 4 on 0"])
        #expect(pool(.worker(1, .ready)) == [])
        #expect(pool(.worker(2, .ready)) == ["give 5 to 2"])
    }

    @Test func whatIsWithdrawnIsForgotten() {
        var pool = Pool()
        for task in 1...3 { _ = pool(.submitted(.of(task), .now)) }
        #expect(pool(.withdrawn(task: 1)) == [])
        #expect(pool(.worker(0, .ready)) == ["give 2 to 0"])
        // A worker has it.
        #expect(pool(.withdrawn(task: 2)) == [])
        #expect(pool.end(0, 2) == ["2 succeeded", "give 3 to 0"])
    }

    // MARK: Holding

    /// The checkpoint says that it failed, until it begins.
    @Test func aTaskThatIsRestartedIsNotHeld() {
        var pool = Pool.quick()
        #expect(pool(.submitted(.of(4, isRestart: true), .behindAnother)) == [])
        #expect(pool(.submitted(.of(5), .behindAnother)) == [])
        #expect(pool(.withdrawn(task: 4)) == [])
        #expect(pool(.submitted(.of(6), .behindAnother)) == ["hold 5 on 0"])
    }

    @Test func onlyWhoIsQuickHolds() {
        var pool = Pool.quick()
        pool.now += .milliseconds(4)
        #expect(pool(.submitted(.of(4), .behindAnother)) == [])
        #expect(pool.end(0, 3) == ["3 succeeded"])
        #expect(pool(.admitted(task: 4)) == ["give 4 to 0"])
        #expect(pool(.submitted(.of(5), .behindAnother)) == [])
    }

    /// A thousand commands that wait at once would cost a thousand times what nobody needs.
    @Test func onlyTheFirstOfManyLightWorkersHold() {
        var pool = Pool()
        for task in 1...2 {
            #expect(pool(.submitted(.of(task, runtime: .command), .now)) == ["start \(task - 1) for commands"])
        }
        for task in 3...4 { #expect(pool(.submitted(.of(task, runtime: .command), .now)) == []) }
        for worker in 0...1 { _ = pool(.worker(worker, .ready)) }
        #expect(pool(.elapsed(load: 0)) == ["start 2 for commands that wait", "start 3 for commands that wait"])
    }

    @Test func whatIsHeldTooLongIsRecalledOnce() {
        var pool = Pool.quick()
        _ = pool(.submitted(.of(4), .behindAnother))
        pool.now += .milliseconds(5)
        #expect(pool(.elapsed(load: 0)) == [])
        pool.now += .milliseconds(1)
        #expect(pool(.elapsed(load: 0)) == ["recall 4 from 0"])
        #expect(pool(.elapsed(load: 0)) == [])
        #expect(pool(.worker(0, .returned(attempt: 9))) == [])
        #expect(pool(.worker(0, .returned(attempt: 4))) == ["returned 4"])
    }

    /// The run has decided that it is over: an idle worker must not take it up.
    @Test func whatWasCancelledBeforeItBeganDoesNotBegin() {
        var pool = Pool.quick()
        #expect(pool(.submitted(.of(4), .now)) == ["start 1", "hold 4 on 0"])
        #expect(pool(.cancelled(task: 4, patience: .seconds(1))) == ["recall 4 from 0"])
        #expect(pool(.worker(1, .ready)) == [])
        #expect(pool(.worker(0, .returned(attempt: 4))) == ["returned 4"])
    }

    @Test func whatBeginsBeforeItsCancellationIsHeardIsCancelledThen() {
        var pool = Pool.quick()
        _ = pool(.submitted(.of(4), .behindAnother))
        _ = pool(.cancelled(task: 4, patience: .seconds(1)))
        #expect(pool.end(0, 3) == ["3 succeeded", "begun 4 on 0", "cancel 4 on 0"])
        #expect(pool.end(0, 4, .aborted) == ["4 aborted"])
    }

    @Test func whatADeadWorkerHeldGoesToAnother() {
        var pool = Pool.quick()
        _ = pool(.submitted(.of(4), .now))
        let failure = "3 failed: The worker process exited with code 3 before the task ended."
        #expect(pool.gone(0, .exited(code: 3)) == [failure, "returned 4"])
        #expect(pool(.worker(1, .ready)) == ["give 4 to 1"])
    }

    // MARK: Ends

    @Test(
        arguments: [
            (AttemptOutcome.succeeded, false, "succeeded"), (.failed(.error), false, "failed"),
            (.aborted, true, "aborted"),
            (.aborted, false, "failed"), (.failed(.error), true, "failed"),
        ]
    )
    func onlyWhatWasCancelledIsAborted(outcome: AttemptOutcome, isCancelled: Bool, word: String) {
        var pool = Pool.quick()
        if isCancelled { _ = pool(.cancelled(task: 3, patience: .seconds(1))) }
        #expect(pool.end(0, 3, outcome) == ["3 \(word)"])
    }

    @Test(arguments: ["leftovers", "threads", "talk", "ghost"])
    func aWorkerThatIsNotCleanIsNotUsedAgain(flaw: String) {
        var pool = Pool.quick()
        var end = AttemptEnd(attempt: 3, outcome: .succeeded)
        end.hasLeftovers = flaw == "leftovers"
        end.hasLeftThreads = flaw == "threads"
        end.isFollowed = flaw == "talk"
        if flaw == "ghost" { #expect(pool(.haunted(0)) == []) }
        #expect(pool(.worker(0, .ended(end))) == ["kill 0"])
        let remark = flaw == "leftovers" ? ": Processes that the task left running were killed." : ""
        #expect(pool.gone(0, .killed(signal: SIGKILL)) == ["3 succeeded\(remark)"])
    }

    @Test func aWorkerOfItsOwnEndsByItselfOrIsKilled() {
        var pool = Pool()
        _ = pool(.submitted(.of(1, isolation: .process), .now))
        _ = pool(.worker(0, .ready))
        #expect(pool.end(0, 1) == [])
        #expect(pool(.overdue(0)) == ["kill 0"])
        #expect(pool.gone(0) == ["1 succeeded"])
    }

    @Test func anIdleWorkerMakesRoomForAFreshOne() {
        var pool = Pool.quick()
        _ = pool.end(0, 3)
        #expect(pool(.submitted(.of(4, isolation: .process), .now)) == ["start 1 for one attempt"])
        _ = pool(.submitted(.of(5, isolation: .process), .now))
        #expect(pool(.worker(1, .ready)) == ["give 4 to 1", "kill 0"])
        #expect(pool.gone(0) == ["start 0 for one attempt"])
    }

    // MARK: Lanes

    @Test func busyWorkersOfAnotherRuntimeDoNotKeepAnAttemptWaiting() {
        var pool = Pool()
        for task in 1...9 { _ = pool(.submitted(.of(task), .now)) }
        for worker in 0...1 { _ = pool(.worker(worker, .ready)) }
        #expect(pool(.submitted(.of(10, runtime: .command), .now)) == ["start 2 for commands"])
        pool.now = pool.now + PoolWorker.quick
        #expect(pool.end(0, 1) == ["1 succeeded", "give 3 to 0"])
        #expect(pool(.worker(2, .ready)) == ["give 10 to 2"])
    }

    @Test func moreLightWorkersAreStartedAtOnce() {
        var pool = Pool()
        for task in 0..<100 { _ = pool(.submitted(.of(task, runtime: .command), .now)) }
        for worker in 0...1 { #expect(pool(.worker(worker, .ready)) == ["give \(worker) to \(worker)"]) }
        #expect(pool(.elapsed(load: 0)).count == 2 * WorkerDemand.lightPace)
    }

    @Test func whereWorkersAreScarceAnIdleOneMakesRoomForAnotherRuntime() {
        var pool = Pool()
        _ = pool(.submitted(.of(1), .now))
        _ = pool(.worker(0, .ready))
        _ = pool.end(0, 1)
        _ = pool(.submitted(.of(2, runtime: .command), .now))
        let refusal = SystemError("fork", .resourceTemporarilyUnavailable)
        #expect(pool(.worker(1, .refused(refusal))).count == 1)
        pool.now = pool.now + .seconds(1)
        #expect(pool(.elapsed(load: 0)) == ["kill 0", "start 1 for commands"])
    }

    @Test func aReportOfAnotherAttemptIsALie() {
        var pool = Pool.quick()
        let text = "it reported the end of an attempt that it did not have"
        #expect(pool.end(0, 2) == ["kill 0"])
        #expect(pool.end(0, 3) == [])
        #expect(pool.gone(0) == ["3 failed: The worker process was ended because \(text)."])
    }

    // MARK: Scarcity

    @Test func threeThatAreNeverReadyAreTheEnd() {
        var pool = Pool()
        _ = pool(.submitted(.of(1), .now))
        for _ in 1...2 {
            #expect(pool.gone(0, .exited(code: 1)) == ["limit 0: a new one exited with code 1 before it was ready"])
            _ = pool(.wrote(0, Array("no luck".utf8)))
            pool.now += .seconds(3)
            pool.state.lastNotice = nil
            #expect(pool(.elapsed(load: 0)) == ["start 0"])
        }
        _ = pool(.wrote(0, Array("no luck".utf8)))
        let end = pool.gone(0, .exited(code: 1))
        #expect(end.count == 1)
        #expect(end[0].hasPrefix("fail: A worker process exited with code 1 before it was ready, 3 times in a row."))
        #expect(end[0].hasSuffix("It wrote: no luck\n"))
    }

    @Test func aRefusalTellsHowManyThereAre() {
        var pool = Pool()
        for task in 1...2 { _ = pool(.submitted(.of(task), .now)) }
        _ = pool(.worker(0, .started))
        let error = SystemError("fork", .resourceTemporarilyUnavailable)
        #expect(pool(.worker(1, .refused(error))) == ["limit 1: fork: Resource temporarily unavailable"])
        #expect(pool.state.lanes[0].starting == 1)
        // Not again for the same reason.
        pool.now += .milliseconds(100)
        #expect(pool(.worker(0, .refused(error))) == [])
        pool.now += .milliseconds(200)
        #expect(pool(.elapsed(load: 0)) == ["start 0"])
        #expect(pool(.worker(0, .ready)) == ["give 1 to 0", "start 1"])
    }

    @Test func attemptsOfLostWorkersFailAndSayWhy() {
        var pool = Pool.quick()
        _ = pool(.submitted(.of(4), .now))
        #expect(pool(.lost(.killed(signal: SIGKILL))).first == "lost")
        let reason = "because the process that keeps all workers was killed by signal 9"
        let ends = pool.gone(0, .killed(signal: SIGKILL))
        #expect(ends[0].hasPrefix("3 failed: The worker process was killed, \(reason)"), "\(ends)")
        #expect(ends[1] == "returned 4")
        #expect(pool(.lost(.exited(code: 1))) == ["lost"])
        let end = "fail: The process that starts workers exited with code 1, 3 times in a row."
        #expect(pool(.lost(.exited(code: 1))) == [end])
    }
}
