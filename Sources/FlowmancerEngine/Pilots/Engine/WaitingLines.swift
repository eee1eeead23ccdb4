import DequeModule

/// Attempts that wait for machines, in their order, by what they need.
struct WaitingLines {
    private struct Line {
        let demand: NodeDemand
        var attempts = Deque<(number: UInt64, assignment: Assignment)>()
    }

    private var lines: [Line] = []
    private var numbers: [NodeDemand: Int] = [:]
    private var lastNumber: UInt64 = 0
    /// Tasks whose attempts were removed, but are still in their line.
    private var removed: Set<Int> = []
    /// How many attempts wait, and how many processors they need.
    private(set) var count = 0
    private(set) var processors = 0

    /// Adds an attempt behind all others. A task has at most one here.
    mutating func append(_ assignment: Assignment, _ demand: NodeDemand) {
        lastNumber += 1
        if numbers[demand] == nil {
            numbers[demand] = lines.count
            lines.append(Line(demand: demand))
        }
        lines[numbers[demand]!].attempts.append((lastNumber, assignment))
        note(demand, 1)
    }

    /// Removes the attempt of a task, which waits. The task has no further one.
    mutating func remove(task: Int, _ demand: NodeDemand) {
        removed.insert(task)
        note(demand, -1)
    }

    /// Takes attempts one after the other, each the first of those that find a place.
    ///
    /// - Parameter place: Takes an attempt to a place; `false` if there is none for what it needs.
    /// - Returns: What the first attempt needs that found no place.
    @discardableResult
    mutating func take(_ place: (Assignment, NodeDemand) -> Bool) -> NodeDemand? {
        var open = Array(lines.indices)
        var blocked: NodeDemand?
        while count > 0 {
            let next = open.filter { !lines[$0].attempts.isEmpty }.min {
                lines[$0].attempts[0].number < lines[$1].attempts[0].number
            }
            guard let next else { break }
            let demand = lines[next].demand
            // Of one line after the other, as long as no other has an earlier attempt.
            let limit = open.compactMap { $0 == next ? nil : lines[$0].attempts.first?.number }.min() ?? .max
            var isFull = false
            while let first = lines[next].attempts.first, first.number < limit {
                if !removed.isEmpty, removed.remove(first.assignment.task) != nil {
                    lines[next].attempts.removeFirst()
                    continue
                }
                guard place(first.assignment, demand) else {
                    isFull = true
                    break
                }
                lines[next].attempts.removeFirst()
                note(demand, -1)
            }
            guard isFull else { continue }
            blocked = blocked ?? demand
            open.removeAll { $0 == next }
        }
        return blocked
    }

    private mutating func note(_ demand: NodeDemand, _ change: Int) {
        count += change
        processors += change * demand.processors
    }
}
