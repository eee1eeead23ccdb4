import TestSupport
import Testing

@testable import FlowmancerWorker

@Suite struct OrphanCensusTests {
    @Test func whatComesWhileNoThreadEndsIsAnOrphan() {
        var census = OrphanCensus()
        census.note([1], threadsEnded: false)
        census.note([1, 2], threadsEnded: false)
        #expect(census.orphans == [1, 2])
        census.forget(2)
        #expect(census.orphans == [1])
    }

    @Test func whatIsThereAtTheFirstLookMayBeTheTasksOwnIfAThreadHasEnded() {
        var census = OrphanCensus()
        census.note([1, 2], threadsEnded: true)
        census.note([1, 2], threadsEnded: false)
        #expect(census.orphans == [])
    }

    @Test func whatComesWhileAThreadEndsMayBeTheTasksOwnForGood() {
        var census = OrphanCensus()
        census.note([], threadsEnded: false)
        census.note([1], threadsEnded: true)
        census.note([1, 2], threadsEnded: false)
        #expect(census.orphans == [2])
    }

    /// Whatever happens between looks: a child that the task started is never taken for an orphan.
    @Test(arguments: 0..<20)
    func aTasksOwnChildIsNeverTakenForAnOrphan(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var census = OrphanCensus()
        var (next, own, main): (Int32, Set<Int32>, Set<Int32>) = (1, [], [])
        var waiting: Set<Int32> = []
        var hasEnded = false
        for _ in 0..<2_000 {
            next += 1
            switch Int.random(in: 0..<6, using: &random) {
            case 0: main.insert(next)
            case 1:
                own.insert(next)
                waiting.insert(next)
            case 2:
                // The thread that started them ends.
                main.formUnion(waiting)
                waiting = []
                hasEnded = true
            case 3:
                if let child = main.intersection(own).min() { main.remove(child) }
            default:
                census.note(main, threadsEnded: hasEnded)
                hasEnded = false
                #expect(census.orphans.isDisjoint(with: own))
                for orphan in census.orphans where random.chance(50) {
                    main.remove(orphan)
                    census.forget(orphan)
                }
            }
        }
    }
}
