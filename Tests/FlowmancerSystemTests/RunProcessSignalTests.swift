import FlowmancerCore
import Glibc
import TestSupport
import Testing

@testable import FlowmancerSystem

/// Signals to the process of a run, and to no other.
@Suite struct RunProcessSignalTests {
    /// A process that a test started.
    private struct Child {
        let pid: pid_t
        let run: RunProcess

        init() throws {
            pid = try spawn("/bin/sleep", ["sleep", "600"])
            let own = try #require(RunProcess.current)
            let ticks = try #require(RunProcess.startTicks(of: Int(pid)))
            run = RunProcess(number: Int(pid), startTicks: ticks, bootID: own.bootID)
        }

        /// Kills it unless it has ended, and returns the signal that ended it.
        func end(with signal: Int32 = SIGKILL) -> Int32 {
            kill(pid, signal)
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            return status & 0x7f
        }
    }

    @Test func theProcessOfTheRunGetsTheSignal() throws {
        let child = try Child()
        // Others may be ignored: a process inherits that.
        #expect(child.run.send(SIGKILL, on: "here", seenFrom: "here") == .sent)
        #expect(child.end(with: 0) == SIGKILL)
        #expect(child.run.send(SIGTERM, on: "here", seenFrom: "here") == .gone)
    }

    @Test func anotherProcessOfTheSameNumberGetsNone() throws {
        let child = try Child()
        for (ticks, bootID, host, expected) in [
            (child.run.startTicks - 1, child.run.bootID, "here", SignalDelivery.gone),
            (child.run.startTicks + 1, child.run.bootID, "here", .gone),
            (child.run.startTicks, "another start", "here", .gone),
            (child.run.startTicks, "another start", "there", .elsewhere),
        ] {
            let run = RunProcess(number: Int(child.pid), startTicks: ticks, bootID: bootID)
            #expect(run.send(SIGTERM, on: host, seenFrom: "here") == expected)
            #expect(run.life(on: host, seenFrom: "here") == (expected == .gone ? .gone : .notKnown))
        }
        #expect(child.end() == SIGKILL)
    }

    @Test func aProcessThatNobodyHasWaitedForIsGone() throws {
        let child = try Child()
        kill(child.pid, SIGKILL)
        var info = siginfo_t()
        #expect(waitid(P_PID, id_t(child.pid), &info, WEXITED | WNOWAIT) == 0)
        #expect(child.run.send(SIGTERM, on: "here", seenFrom: "here") == .gone)
        #expect(child.end() == SIGKILL)
    }

    @Test(arguments: [0, -1, Int.max, 1 << 32]) func numbersThatNoProcessHasAreNoProcess(number: Int) throws {
        let own = try #require(RunProcess.current)
        let run = RunProcess(number: number, startTicks: own.startTicks, bootID: own.bootID)
        #expect(run.send(SIGTERM, on: "here", seenFrom: "here") == .gone)
    }
}
