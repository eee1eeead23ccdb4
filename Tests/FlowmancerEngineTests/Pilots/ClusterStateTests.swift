import FlowmancerCore
import Testing

@testable import FlowmancerEngine

/// What holds whatever happens to machines, connections and attempts, in whatever order.
@Suite struct ClusterStateTests {
    @Test(arguments: [0..<200, 200..<400, 400..<600] as [Range<UInt64>])
    func noAttemptIsLostOrDoubled(seeds: Range<UInt64>) {
        for seed in seeds {
            var cluster = RandomCluster(seed: seed)
            cluster.play()
            guard let problem = cluster.problems.first else { continue }
            cluster = RandomCluster(seed: seed, tells: true)
            cluster.play()
            Issue.record("seed \(seed): \(problem)\nafter:\n\(cluster.history.suffix(80).joined(separator: "\n"))")
            return
        }
    }
}
