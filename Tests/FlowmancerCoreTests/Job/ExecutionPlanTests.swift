import FlowmancerCore
import TestSupport
import Testing

@Suite struct ExecutionPlanTests {
    private static let diamond = TaskGraph([
        ("end", ["left", "right"]), ("start", []), ("left", ["start"]), ("right", ["longer"]), ("longer", ["start"]),
        ("alone", []),
    ])

    private func names(_ tasks: [Int]) -> [String] { tasks.map { Self.diamond.names[$0] } }

    @Test func levelsFollowTheLongestWay() {
        let plan = ExecutionPlan(Self.diamond, satisfied: [])
        #expect(plan.levels.map(names) == [["start", "alone"], ["left", "longer"], ["right"], ["end"]])
        #expect(names(plan.criticalPath) == ["start", "longer", "right", "end"])
        #expect(plan.width == 2)
        #expect(plan.level == [3, 0, 1, 2, 1, 0])
    }

    @Test func nobodyWaitsForWhatDoesNotRun() {
        // longer
        let plan = ExecutionPlan(Self.diamond, satisfied: [4])
        #expect(plan.levels.map(names) == [["start", "right", "alone"], ["left"], ["end"]])
        #expect(plan.level[4] == nil)
        #expect(names(plan.criticalPath) == ["start", "left", "end"])
        #expect(ExecutionPlan(Self.diamond, satisfied: Set(0..<6)).levels.isEmpty)
    }

    /// What is behind a task that is not done still waits for what that one waits for.
    @Test func whatIsNotDoneIsPassed() {
        let graph = TaskGraph([("a", []), ("b", ["a"]), ("audit", ["b"]), ("c", ["audit"]), ("lone", [])])
        let plan = ExecutionPlan(graph, satisfied: [], undone: [2])
        #expect(plan.levels == [[0, 4], [1], [3]])
        #expect(plan.level[2] == nil)
        #expect(plan.criticalPath == [0, 1, 3])
        #expect(ExecutionPlan(graph, satisfied: [], undone: [0, 1, 2, 3]).levels == [[4]])
    }

    @Test(arguments: 0..<50)
    func everyTaskComesRightAfterOneThatItWaitsFor(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let count = Int.random(in: 1...40, using: &generator)
        let graph = TaskGraph(
            (0..<count).map { task in
                (name: "\(task)", dependencies: (0..<task).filter { _ in generator.chance(10) }.map { "\($0)" })
            }
        )
        let satisfied = Set((0..<count).filter { _ in generator.chance(20) })
        let plan = ExecutionPlan(graph, satisfied: satisfied)
        #expect(Set(plan.levels.joined()) == Set(0..<count).subtracting(satisfied))
        for (number, tasks) in plan.levels.enumerated() {
            for task in tasks {
                let before = graph.dependencies[task].compactMap { plan.level[$0] }.max()
                #expect(number == before.map { $0 + 1 } ?? 0)
            }
        }
        #expect(plan.criticalPath.count == plan.levels.count)
        for (first, second) in zip(plan.criticalPath, plan.criticalPath.dropFirst()) {
            #expect(graph.dependencies[second].contains(first))
        }
    }
}
