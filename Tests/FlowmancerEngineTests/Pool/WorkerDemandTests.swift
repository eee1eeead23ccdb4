import FlowmancerSystem
import Glibc
import Testing

@testable import FlowmancerEngine

@Suite struct WorkerDemandTests {
    private let demand = WorkerDemand(cores: 2)

    @Test(
        arguments: [
            (0, 0, 0, 0), (1, 0, 0, 1), (100, 0, 0, 4), (100, 0, 3, 1), (100, 0, 4, 0), (100, 0, 9, 0), (2, 2, 2, 0),
            (3, 2, 2, 1), (1, 3, 3, 0),
        ]
    )
    func aFewWorkersStartAtOnce(waiting: Int, starting: Int, total: Int, count: Int) {
        #expect(demand.immediate(waiting: waiting, starting: starting, total: total) == count)
    }

    @Test(
        arguments: [
            (100, 0, 4, 0, 4), (100, 0, 8, 7, 8), (100, 0, 8, 8, 0), (100, 0, 8, 99, 0), (3, 0, 8, 0, 3),
            (3, 3, 8, 0, 0), (5, 0, 0, 0, 4), (0, 0, 4, 0, 0),
        ]
    )
    func workersDoubleWhereAttemptsAreLong(waiting: Int, starting: Int, total: Int, ended: Int, count: Int) {
        var demand = demand
        let seen = WorkerDemand.Observation(waiting: waiting, starting: starting, total: total, ended: ended, load: 0)
        #expect(demand.growth(seen) == count)
    }

    @Test func workersBecomeFewMoreWhereAttemptsCompute() {
        var demand = demand
        let busy = WorkerDemand.Observation(waiting: 1_000, starting: 0, total: 8, ended: 0, load: 1.9)
        let growth = (1...30).map { _ in demand.growth(busy) }
        #expect(growth.reduce(0, +) == 3)
        #expect(growth.max() == 1)
        var idle = busy
        idle.load = 0.3
        #expect(demand.growth(idle) == 8)
        // A small crowd is no crowd yet.
        var small = busy
        small.total = 3
        #expect(demand.growth(small) == 4)
    }

    @Test func thereAreAtLeastTwoWorkers() {
        #expect(WorkerDemand(cores: 0).base == 2)
        #expect(WorkerDemand(cores: 8).base == 16)
    }

    // MARK: Ends of processes

    @Test(arguments: [(0, 0), (1 << 8, 1), (255 << 8, 255)] as [(Int32, UInt8)])
    func exitsHaveACode(status: Int32, code: UInt8) {
        #expect(ProcessEnd(waitStatus: status) == .exited(code: code))
        #expect(ProcessEnd(waitStatus: status).explained == "exited with code \(code)")
    }

    @Test(arguments: [(SIGKILL, "SIGKILL"), (SIGSEGV, "SIGSEGV"), (SIGILL, "fatalError"), (SIGTERM, "SIGTERM")])
    func killedProcessesNameTheirSignal(signal: Int32, word: String) {
        // 0x80: the process left a core dump.
        for status in [signal, signal | 0x80] {
            #expect(ProcessEnd(waitStatus: status) == .killed(signal: signal))
            #expect(ProcessEnd(waitStatus: status).explained.contains(word))
        }
    }
}
