import Testing

/// What holds whatever happens to workers and attempts, in whatever order.
@Suite struct PoolStatePropertyTests {
    @Test(arguments: [0..<250, 250..<500, 500..<750] as [Range<UInt64>])
    func noAttemptIsLostOrDoubled(seeds: Range<UInt64>) {
        for seed in seeds {
            var world = RandomPool(seed: seed)
            world.play()
            guard let problem = world.problems.first else { continue }
            let history = world.history.suffix(30).joined(separator: "\n")
            Issue.record("seed \(seed): \(problem)\nafter:\n\(history)")
            return
        }
    }
}
