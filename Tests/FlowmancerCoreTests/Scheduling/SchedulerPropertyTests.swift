import FlowmancerCore
import TestSupport
import Testing

/// What holds for every graph, whatever happens to its nodes in whatever order.
@Suite struct SchedulerPropertyTests {
    /// Jobs as files describe them today.
    @Test func everyRunKeepsTheRules() { play(RandomScheduling.Kind.tasks, seeds: 0..<500) }

    /// With rules, groups that grow, preparations, resources, priorities and limits of failures.
    @Test func everyRunThatGrowsKeepsTheRules() { play(.growing, seeds: 1_000..<1_700) }

    /// Events are repeated, and come out of turn.
    @Test func nothingDisturbsARun() { play(.disturbed, seeds: 2_000..<2_500) }

    private func play(_ kind: RandomScheduling.Kind, seeds: Range<UInt64>) {
        var failures = 0
        for seed in seeds where failures < 8 {
            var run = RandomScheduling(kind, seed: seed)
            run.play()
            if !run.problems.isEmpty {
                let text = run.problems.prefix(3).joined(separator: "\n")
                let before = run.history.suffix(6).map { "\($0.events) → \($0.actions)" }.joined(separator: "\n")
                let nodes = run.model.nodes.count
                Issue.record("seed \(seed), \(nodes) nodes, \(run.model.settings):\n\(text)\n\(before)")
                failures += 1
            }
        }
    }
}
