import FlowmancerCore
import TestSupport
import Testing

@Suite struct PatternResolutionTests {
    @Test func aPatternStandsForTheTasksThatMatchIt() {
        let names = dependencies([
            ("sum", ["load-*", "extra"]), ("load-a", []), ("extra", []), ("load-b", ["load-a"]), ("load", []),
        ])
        #expect(names["sum"] == ["extra", "load-a", "load-b"])
    }

    @Test func aNameIsTakenAsItStandsFirst() {
        #expect(dependencies([("a*", []), ("ab", []), ("c", ["a*"])])["c"] == ["a*"])
    }

    @Test func bracketsAreNoPattern() {
        #expect(dependencies([("a[x]1", []), ("ax1", []), ("c", ["a[x]*"])])["c"] == ["a[x]1"])
    }

    @Test func whatDependsOnTheTaskIsLeftOut() {
        let names = dependencies([("x-1", ["x-*"]), ("x-2", ["x-*"]), ("x-3", ["x-1"]), ("x-4", [])])
        #expect(names["x-1"] == ["x-2", "x-4"])
        #expect(names["x-2"] == ["x-4"])
    }

    @Test func tasksThatDependOnAllOthersDoNotWaitForEachOther() {
        let names = dependencies([
            ("first", ["*"]), ("a", []), ("second", ["*"]), ("after", ["first"]), ("b", ["a"]),
        ])
        #expect(names["first"] == ["a", "b"])
        #expect(names["second"] == ["a", "after", "b"])
    }

    @Test func patternsCountBeforeThatForAll() {
        // By its pattern, 'x' depends on 'notify': so that does not depend on it.
        let names = dependencies([("notify", ["*"]), ("x", ["noti*"]), ("y", [])])
        #expect(names["x"] == ["notify"])
        #expect(names["notify"] == ["y"])
    }

    @Test func ordinaryNamesAreKeptAsTheyAreWritten() {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["b"] = TaskDefinition("T")
        job.tasks["b"]?.dependencies = ["a", "a"]
        #expect(TaskGraph(job).dependencyNames(of: 1, job.tasks.values[1]) == ["a", "a"])
    }

    /// Whatever the patterns are: none makes a circle, and what is left out depends on the task.
    @Test func randomPatternsMakeNoCircles() {
        for seed in UInt64(0)..<500 {
            var random = SeededGenerator(seed: seed)
            let count = Int.random(in: 1...12, using: &random)
            let names = (0..<count).map { "\(["a", "b", "ab"].randomElement(using: &random)!)\($0)" }
            let edges = names.enumerated().map { number, name in
                let own = (0..<number).filter { _ in random.chance(15) }.map { names[$0] }
                let patterns = ["a*", "b*", "*1", "a?", "*"].filter { _ in random.chance(20) }
                return (name, own + patterns)
            }
            let job = job(edges)
            let graph = TaskGraph(job)
            #expect(graph.findCycles() == [], "seed \(seed)")
            for (task, (_, written)) in edges.enumerated() {
                for (other, name) in names.enumerated() where other != task {
                    let isMeant = written.contains { text in
                        text == name || (text.contains(where: "*?".contains) && GlobPattern(text).matches(name))
                    }
                    let isDependency = graph.dependencies[task].contains(other)
                    #expect(!isDependency || isMeant, "seed \(seed)")
                    if isMeant, !isDependency {
                        let bothForAll = written.contains("*") && edges[other].1.contains("*")
                        #expect(
                            bothForAll || graph.reachable(from: [task], along: graph.dependents).contains(other),
                            "seed \(seed)"
                        )
                    }
                    #expect(isDependency == graph.dependents[other].contains(task), "seed \(seed)")
                }
            }
        }
    }

    private func job(_ edges: [(String, [String])]) -> JobDefinition {
        var job = JobDefinition(name: "job")
        for (name, dependencies) in edges {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = dependencies
        }
        return job
    }

    /// The names of the dependencies of every task.
    private func dependencies(_ edges: [(String, [String])]) -> [String: [String]] {
        let job = job(edges)
        let graph = TaskGraph(job)
        let names = job.tasks.enumerated().map { ($1.key, graph.dependencyNames(of: $0, $1.value)) }
        return Dictionary(uniqueKeysWithValues: names)
    }
}
