/// The tasks and groups of a kept run by number, and how they hang together.
package struct RunNodes: Sendable {
    /// A task or group of a run.
    package struct Node: Sendable, Hashable {
        package let name: String
        /// The task of the job that it is, by its position in the ``RunShape``; `nil` if that is not on record.
        package let task: Int?
        /// The group that it is a member of.
        package let group: Int?
        package let isGroup: Bool
    }

    package let shape: RunShape
    private let tasks: [String: Int]
    private var nodes: [Node] = []
    private var numbers: [String: Int] = [:]

    package init(_ shape: RunShape) {
        self.shape = shape
        tasks = Dictionary(shape.tasks.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        if shape.nodes.isEmpty {
            for task in shape.tasks { number(of: task.name) }
        } else {
            for name in shape.nodes { number(of: name) }
        }
    }

    package var count: Int { nodes.count }
    package var indices: Range<Int> { nodes.indices }
    package subscript(number: Int) -> Node { nodes[number] }

    /// Returns the number of a task or group; `nil` if the run has none of that name.
    package func find(_ name: String) -> Int? { numbers[name] }

    /// Returns the number of a task or group. It is added if it is not known: what should have told of it is not on record.
    @discardableResult
    package mutating func number(of name: String) -> Int {
        if let number = numbers[name] { return number }
        let node = makeNode(name)
        let number = nodes.count
        numbers[name] = number
        nodes.append(node)
        return number
    }

    private mutating func makeNode(_ name: String) -> Node {
        if let task = tasks[name] {
            let group = shape.tasks[task].container.map { self.number(of: shape.tasks[$0].name) }
            return Node(name: name, task: task, group: group, isGroup: shape.tasks[task].form != .task)
        }
        guard let outer = MemberName.group(around: name) else {
            return Node(name: name, task: nil, group: nil, isGroup: false)
        }
        let task = tasks[MemberName.definition(of: name, in: outer)]
        let form = task.map { shape.tasks[$0].form }
        // The item of a group is a task, or has a job of its own; what stands in a job is what it is there.
        let isItem = name.utf8.last == UInt8(ascii: "]")
        let isGroup = isItem ? form == .itemJobs : form != nil && form != .task
        return Node(name: name, task: task, group: self.number(of: outer), isGroup: isGroup)
    }

    // MARK: Order

    /// Returns what each task and group waits for, without what the groups around it wait for.
    package func dependencies() -> [[Int]] {
        var places: [Place: Int] = [:]
        places.reserveCapacity(nodes.count)
        // An item comes behind its group, which is what others wait for.
        for (number, node) in nodes.enumerated() where node.task != nil {
            let place = Place(group: node.group ?? -1, task: node.task ?? -1)
            if places[place] == nil { places[place] = number }
        }
        return nodes.map { node in
            guard let task = node.task, !isItem(node) else { return [] }
            return shape.tasks[task].dependencies.compactMap { find($0, seenFrom: node, places) }
        }
    }

    private struct Place: Hashable {
        let group: Int
        let task: Int
    }

    private func isItem(_ node: Node) -> Bool { node.group.map { nodes[$0].task == node.task } ?? false }

    /// The task or group that a dependency means: the nearest one.
    private func find(_ task: Int, seenFrom node: Node, _ places: [Place: Int]) -> Int? {
        var scope = node.group
        while let group = scope {
            if let number = places[Place(group: group, task: task)] { return number }
            scope = nodes[group].group
        }
        return places[Place(group: -1, task: task)]
    }
}
