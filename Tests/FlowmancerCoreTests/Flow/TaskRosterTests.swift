import FlowmancerCore
import TestSupport
import Testing

/// The tasks and groups of a run, against a tree that is walked by recursion.
@Suite struct TaskRosterTests {
    /// A random job of tasks, groups of items and jobs within jobs; the items of some groups are known in the run only.
    private struct RandomJob {
        var job = JobDefinition(name: "job")
        var random: SeededGenerator
        /// The items of groups that are known in the run only.
        var lateItems: [String: Int] = [:]

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            add(within: nil, depth: 0)
        }

        private mutating func add(within parent: String?, depth: Int) {
            // With the numbers of their items, where these are known.
            var siblings: [(name: String, count: Int)] = []
            for number in 0..<Int.random(in: 1...4, using: &random) {
                let own = "t\(number)"
                let name = parent.map { "\($0)/\(own)" } ?? own
                var task = TaskDefinition("T")
                task.parent = parent
                for sibling in siblings where random.chance(40) {
                    let isItem = sibling.count > 0 && random.chance(50)
                    let key = isItem ? "[i\(Int.random(in: 0..<sibling.count, using: &random))]" : ""
                    task.dependencies.append(sibling.name + key)
                }
                var known = 0
                if random.chance(40) {
                    let count = Int.random(in: 0...3, using: &random)
                    known = count
                    task.forEach = ForEach(.array((0..<count).map { .string("i\($0)") }))
                    if random.chance(40) {
                        let reference = ExpressionReference(.output, "x.y")
                        task.forEach?.items = .template(ValueTemplate([.reference(reference)]))
                        lateItems[name] = count
                        known = 0
                    }
                }
                let isJob = depth < 2 && random.chance(40)
                if isJob { task.subJob = SubJob() }
                job.tasks[name] = task
                if isJob { add(within: name, depth: depth + 1) }
                siblings.append((own, known))
            }
        }
    }

    /// What a node is expected to be.
    private struct Expected: Hashable {
        var name: String
        var definition: String
        var item: String?
        var group: String?
        var dependencies: Set<String>
    }

    /// Unfolds the tasks within a job, whose names begin in this way.
    private func expected(
        _ job: RandomJob,
        within parent: String?,
        _ prefix: String,
        item: String?,
        group: String?,
        into all: inout Set<Expected>
    ) {
        for (name, task) in job.job.tasks where task.parent == parent {
            let own = String(name.split(separator: "/").last!)
            let node = prefix + own
            let dependencies = Set(task.dependencies.map { prefix + $0 })
            func enter(_ node: String, item: String?) {
                guard task.subJob != nil else { return }
                expected(job, within: name, "\(node)/", item: item, group: node, into: &all)
            }
            all.insert(Expected(name: node, definition: name, item: item, group: group, dependencies: dependencies))
            guard task.forEach != nil else {
                enter(node, item: item)
                continue
            }
            var count = job.lateItems[name] ?? 0
            if case .array(let items)? = task.forEach?.items { count = items.count }
            for number in 0..<count {
                let (member, value) = ("\(node)[i\(number)]", "i\(number)")
                all.insert(
                    Expected(name: member, definition: name, item: value, group: node, dependencies: dependencies)
                )
                enter(member, item: value)
            }
        }
    }

    @Test(arguments: 0..<300) func itIsTheUnfoldedTree(seed: UInt64) throws {
        let random = RandomJob(seed: seed)
        var roster = TaskRoster(random.job, TaskGraph(random.job))
        // Expands groups in the order of their numbers, as a run might.
        var next = 0
        while next < roster.count {
            if roster.role(of: next) == .list, !roster.isUnfolded(next) {
                let definition = random.job.tasks.keys[roster.definition(of: next)]
                let items = (0..<random.lateItems[definition]!).map { ParameterValue.string("i\($0)") }
                let members = roster.expansion(of: next, items: try ItemList.items(of: .array(items)))
                let names = members.names
                let new = roster.append(members, to: next)
                #expect(Array(roster.names[new]) == names)
            }
            next += 1
        }
        var all: Set<Expected> = []
        expected(random, within: nil, "", item: nil, group: nil, into: &all)
        let found = roster.names.indices.map { node in
            var item: String?
            if case .string(let text)? = roster.item(of: node) { item = text }
            return Expected(
                name: roster.names[node],
                definition: random.job.tasks.keys[roster.definition(of: node)],
                item: item,
                group: roster.group(of: node).map { roster.names[$0] },
                dependencies: Set(roster.dependencyNames(of: node))
            )
        }
        #expect(found.count == all.count)
        #expect(Set(found) == all)
        for node in roster.names.indices {
            for member in roster.members(of: node) { #expect(roster.group(of: member) == node) }
        }
    }

    @Test(arguments: 0..<100) func theSchedulerIsToldTheSame(seed: UInt64) {
        let random = RandomJob(seed: seed)
        let roster = TaskRoster(random.job, TaskGraph(random.job))
        let plan = roster.plan
        #expect(plan.graph.names == roster.names)
        for node in roster.names.indices {
            #expect(plan.container(of: node) == roster.group(of: node))
            let dependencies = roster.role(of: node).isItem ? [] : roster.dependencies(of: node)
            #expect(plan.graph.dependencies[node] == dependencies)
            #expect((plan.traits[node].group != nil) == roster.role(of: node).isGroup)
            #expect(plan.traits[node].isPrepared == (roster.role(of: node) == .list && !roster.isUnfolded(node)))
        }
    }

    @Test func aJobWithoutGroupsIsAsItIs() {
        var job = JobDefinition(name: "job")
        job.tasks["a"] = TaskDefinition("T")
        job.tasks["b"] = TaskDefinition("T")
        job.tasks["b"]?.dependencies = ["a"]
        let roster = TaskRoster(job, TaskGraph(job))
        #expect(roster.isPlain && roster.names == ["a", "b"] && roster.dependencyNames(of: 1) == ["a"])
        #expect(roster.item(of: 1) == nil && roster.group(of: 1) == nil && roster.role(of: 1) == .task)
    }
}
