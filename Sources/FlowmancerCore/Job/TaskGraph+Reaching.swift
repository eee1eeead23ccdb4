extension TaskGraph {
    /// Returns for each pair of tasks whether the first depends on the second, directly or not. Tasks in or behind a cycle
    /// count as if they did, since the cycle is an error by itself.
    ///
    /// 64 targets are looked for in one pass, so that even as many pairs as tasks are answered soon.
    func reaches(_ pairs: [(task: Int, target: Int)]) -> [Bool] {
        guard !containers.isEmpty else { return plainlyReaches(pairs) }
        // What a sub-job asks for, it asks when it begins.
        let phases = JobPhases(self)
        return phases.graph.plainlyReaches(pairs.map { (phases.beginning(of: $0.task), $0.target) })
    }

    private func plainlyReaches(_ pairs: [(task: Int, target: Int)]) -> [Bool] {
        let order = order
        var answers = [Bool](repeating: false, count: pairs.count)
        let targets = Array(Set(pairs.map(\.target))).sorted()
        var positions: [Int: [Int]] = [:]
        for (position, pair) in pairs.enumerated() { positions[pair.target, default: []].append(position) }
        for start in stride(from: 0, to: targets.count, by: UInt64.bitWidth) {
            let batch = targets[start..<min(start + UInt64.bitWidth, targets.count)]
            var own = [UInt64](repeating: 0, count: count)
            for (bit, target) in batch.enumerated() { own[target] = 1 << UInt64(bit) }
            var above = [UInt64](repeating: .max, count: count)
            for task in order {
                above[task] = dependencies[task].reduce(0) { $0 | above[$1] | own[$1] }
            }
            for (bit, target) in batch.enumerated() {
                for position in positions[target] ?? [] {
                    answers[position] = above[pairs[position].task] & (1 << UInt64(bit)) != 0
                }
            }
        }
        return answers
    }
}
