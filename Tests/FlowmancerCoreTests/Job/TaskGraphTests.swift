import FlowmancerCore
import TestSupport
import Testing

@Suite struct TaskGraphTests {
    private let diamond = TaskGraph([
        ("d", ["b", "c"]), ("a", []), ("b", ["a"]), ("c", ["a"]), ("e", []),
    ])

    @Test func edgesRunBothWays() {
        #expect(diamond.dependencies == [[2, 3], [], [1], [1], []])
        #expect(diamond.dependents == [[], [2, 3], [0], [0], []])
    }

    @Test func unknownAndRepeatedDependenciesAreLeftOut() {
        #expect(TaskGraph([("a", ["x"]), ("b", ["a", "a", "x", "a"])]).dependencies == [[], [0]])
    }

    @Test func whatIsReachedFollowsTheEdges() {
        func reached(_ task: Int, _ edges: [[Int]]) -> Set<Int> { diamond.reachable(from: [task], along: edges) }
        #expect(reached(0, diamond.dependencies) == [0, 1, 2, 3])
        #expect(reached(1, diamond.dependencies) == [1])
        #expect(reached(1, diamond.dependents) == [0, 1, 2, 3])
        #expect(reached(2, diamond.dependents) == [0, 2])
        #expect(reached(4, diamond.dependents) == [4])
        #expect(diamond.reachable(from: [2, 4], along: diamond.dependents) == [0, 2, 4])
    }

    @Test(
        arguments: [
            ([("a", ["b"]), ("b", ["a"])], 3),
            ([("a", ["a"])], 2),
            ([("x", []), ("a", ["x", "c"]), ("b", ["a"]), ("c", ["b"]), ("y", ["c"])], 4),
        ] as [([(String, [String])], Int)]
    )
    func aCycleIsFound(edges: [(String, [String])], length: Int) throws {
        let graph = TaskGraph(edges.map { (name: $0.0, dependencies: $0.1) })
        let cycles = graph.findCycles()
        try #require(cycles.count == 1)
        let cycle = cycles[0]
        #expect(cycle.count == length)
        #expect(cycle.first == cycle.last)
        for (task, dependency) in zip(cycle, cycle.dropFirst()) {
            #expect(graph.dependencies[task].contains(dependency))
        }
    }

    @Test func everyGroupOfMutualDependenciesHasItsCycle() {
        let graph = TaskGraph([
            ("a", ["b"]), ("b", ["c", "a"]), ("c", ["a"]), ("d", ["c"]), ("e", ["f", "d"]), ("f", ["e"]), ("g", ["g"]),
        ])
        #expect(graph.findCycles() == [[0, 1, 0], [4, 5, 4], [6, 6]])
    }

    /// Compared with the definition: who can reach whom.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func randomGraphsHaveOneCyclePerGroup(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...9, using: &random)
        let edges = (0..<count).map { number in
            (name: "\(number)", dependencies: (0..<count).filter { _ in random.chance(20) }.map(String.init))
        }
        let graph = TaskGraph(edges)
        let cycles = graph.findCycles()
        func reaches(_ from: Int, _ to: Int) -> Bool {
            graph.reachable(from: graph.dependencies[from], along: graph.dependencies).contains(to)
        }
        let cyclic = (0..<count).filter { reaches($0, $0) }
        let firsts = cyclic.filter { task in
            cyclic.allSatisfy { $0 >= task || !reaches($0, task) || !reaches(task, $0) }
        }
        #expect(cycles.map { $0[0] } == firsts)
        for cycle in cycles {
            #expect(cycle.count > 1 && cycle.first == cycle.last && Set(cycle).count == cycle.count - 1)
            for (task, dependency) in zip(cycle, cycle.dropFirst()) {
                #expect(graph.dependencies[task].contains(dependency))
            }
        }
    }

    @Test func edgesToTheTaskItselfCanBeLeftOut() {
        let graph = TaskGraph([("a", ["a", "b"]), ("b", ["a"]), ("c", ["c"])]).withoutLoops
        #expect(graph.dependencies == [[1], [0], []])
        #expect(graph.dependents == [[1], [0], []])
        #expect(graph.findCycles() == [[0, 1, 0]])
    }

    @Test func thereIsNoCycleInADiamond() {
        #expect(diamond.findCycles() == [])
        #expect(TaskGraph([]).findCycles() == [])
    }

    @Test func longChainsAreWalkedWithoutRecursion() {
        let count = 50_000
        let chain = TaskGraph((0..<count).map { ("t\($0)", $0 == 0 ? [] : ["t\($0 - 1)"]) })
        #expect(chain.findCycles() == [])
        #expect(chain.reachable(from: [count - 1], along: chain.dependencies).count == count)
    }

    // MARK: Misspellings

    @Test(
        arguments: [
            ("max_attemps", "max_attempts"), ("maxAttempts", "max_attempts"), ("DEPENDENCIES", "dependencies"),
            ("depnedencies", "dependencies"), ("task", "task"), ("tsak", "task"), ("banana", nil), ("", nil),
            ("_", nil), ("t", nil), ("ta", nil), ("TA_SK", "task"), ("tas", "task"),
        ] as [(String, String?)]
    )
    func theNearestWordIsSuggested(word: String, nearest: String?) {
        #expect(word.nearest(among: ["task", "dependencies", "max_attempts"]) == nearest)
    }

    @Test(arguments: [("a", nil), ("B", "b"), ("ab", nil), ("b", "b")] as [(String, String?)])
    func shortNamesAreNoMisspellingsOfOthers(word: String, nearest: String?) {
        #expect(word.nearest(among: ["b", "c", "ac"]) == nearest)
    }

    @Test func theNearestOfSeveralIsSuggested() {
        #expect(
            "transform_data".nearest(among: ["transfer_date", "transfrom_data", "transform_date"]) == "transfrom_data"
        )
        #expect("GRÖSSE".nearest(among: ["grösse"]) == "grösse")
    }

    // MARK: Fingerprints

    @Test func fingerprintsAreTheSameEverywhere() {
        var task = TaskDefinition("Fetch", parameters: ["b": 1, "a": ["x", nil, 1.5]])
        task.dependencies = ["p", "q"]
        var same = TaskDefinition("Module.Fetch", parameters: ["a": ["x", nil, 1.5], "b": 1])
        same.dependencies = ["q", "p"]
        (same.maxAttempts, same.backoff, same.isolation) = (3, Backoff(first: .seconds(1)), .process)
        same.timeout = .limited(to: .seconds(1))
        #expect(task.fingerprint == same.fingerprint)
        #expect(TaskDefinition("Fetch").fingerprint == "8f5bfdff5f6aed3c")
    }

    @Test func fingerprintsTellDefinitionsApart() {
        let definitions = [
            TaskDefinition("A"), TaskDefinition("B"), TaskDefinition("A", parameters: ["x": 1]),
            TaskDefinition("A", parameters: ["x": "1"]), TaskDefinition("A", parameters: ["x": 1.0]),
            TaskDefinition("A", parameters: ["x": true]), TaskDefinition("A", parameters: ["x": nil]),
            TaskDefinition("A", parameters: ["x": [1, 2]]), TaskDefinition("A", parameters: ["x": [1], "y": 2]),
            TaskDefinition("A", parameters: ["x": [[1], 2]]), TaskDefinition("A", parameters: ["x": [[1, 2]]]),
            TaskDefinition("A", parameters: ["x": ["ab", ""]]), TaskDefinition("A", parameters: ["x": ["a", "b"]]),
        ]
        #expect(Set(definitions.map(\.fingerprint)).count == definitions.count)
    }
}
