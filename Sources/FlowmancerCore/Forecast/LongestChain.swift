/// The chain of tasks, each of which waited for the one before, that takes longest: what has to become faster for a run to
/// become faster, however many tasks may run at once. There is one definition of it, for runs of the past and forecasts.
struct LongestChain {
    /// For each task and group the longest chain that ends in it.
    private var chains: [Chain]
    private var predecessors: [Int: Int] = [:]
    private let dependencies: (Int) -> [Int]
    private let group: (Int) -> Int?

    /// A chain of tasks that waited for each other.
    private struct Chain {
        var length = Duration.zero
        var last: Int?
    }

    /// - Parameters:
    ///   - count: How many tasks and groups there are.
    ///   - dependencies: Returns what a task or group waits for, without what the groups around it wait for.
    ///   - group: Returns the group that a task or group is in.
    init(count: Int, dependencies: @escaping (Int) -> [Int], group: @escaping (Int) -> Int?) {
        chains = Array(repeating: Chain(), count: count)
        self.dependencies = dependencies
        self.group = group
    }

    /// Adds a task that ends after everything that it waited for, so its chain is final.
    ///
    /// - Parameter duration: How long it took; `nil` if it did not run.
    mutating func add(_ node: Int, _ duration: Duration?) {
        var chain = Chain()
        // What the groups around it waited for, it waited for, too.
        for place in around(node) {
            for dependency in dependencies(place) where chains[dependency].length >= chain.length {
                chain = chains[dependency]
            }
        }
        if let duration {
            predecessors[node] = chain.last
            chain = Chain(length: chain.length + duration, last: node)
        }
        for place in around(node) where chain.length >= chains[place].length { chains[place] = chain }
    }

    /// The tasks of the longest chain, in their order.
    var tasks: [Int] {
        guard var last = chains.max(by: { $0.length < $1.length })?.last else { return [] }
        var path = [last]
        while let predecessor = predecessors[last] {
            path.append(predecessor)
            last = predecessor
        }
        return path.reversed()
    }

    /// A node and the groups around it.
    private func around(_ node: Int) -> some Sequence<Int> {
        sequence(first: node, next: group)
    }
}
