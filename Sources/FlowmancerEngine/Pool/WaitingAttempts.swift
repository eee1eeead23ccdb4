import DequeModule
import FlowmancerCore

/// Attempts that wait for workers of one runtime, in their order.
struct WaitingAttempts {
    /// Where an attempt waits.
    enum Line: Int {
        /// For any worker.
        case pooled
        /// For a worker that has executed nothing.
        case isolated
        /// The same, for those that may not begin yet.
        case pooledAhead, isolatedAhead

        init(_ isolation: Isolation, _ admission: Admission) {
            switch (isolation, admission) {
            case (.pool, .now): self = .pooled
            case (.process, .now): self = .isolated
            case (.pool, .behindAnother): self = .pooledAhead
            case (.process, .behindAnother): self = .isolatedAhead
            }
        }

        /// Where those wait that may begin.
        fileprivate var admitted: Line {
            switch self {
            case .pooled, .pooledAhead: .pooled
            case .isolated, .isolatedAhead: .isolated
            }
        }
    }

    private var lines = [Deque<Assignment>](repeating: [], count: 4)
    private var counts = [0, 0, 0, 0]
    /// Tasks whose attempts were removed, but are still in their line. They are passed over when their turn comes: an abort
    /// removes thousands.
    private var removed: Set<Int> = []

    /// How many attempts wait.
    var count: Int { counts[0] + counts[1] + counts[2] + counts[3] }
    /// How many attempts may begin as soon as there is a worker.
    var admittedCount: Int { self[.pooled] + self[.isolated] }
    /// How many attempts need a worker that has executed nothing.
    var isolatedCount: Int { self[.isolated] + self[.isolatedAhead] }

    /// How many attempts wait in a line.
    subscript(line: Line) -> Int { counts[line.rawValue] }

    /// Adds an attempt at the end of a line or before all others. A task has at most one here.
    mutating func add(_ assignment: Assignment, to line: Line, isFirst: Bool = false) {
        if isFirst { lines[line.rawValue].prepend(assignment) } else { lines[line.rawValue].append(assignment) }
        counts[line.rawValue] += 1
    }

    /// Removes an attempt that waits in a line. The task has no further one.
    mutating func remove(task: Int, from line: Line) {
        removed.insert(task)
        counts[line.rawValue] -= 1
    }

    /// Moves an attempt to those that may begin.
    ///
    /// - Returns: Where it waits now.
    mutating func admit(task: Int, in line: Line) -> Line {
        let admitted = line.admitted
        guard line != admitted, let index = lines[line.rawValue].firstIndex(where: { $0.task == task }) else {
            return line
        }
        add(lines[line.rawValue].remove(at: index), to: admitted)
        counts[line.rawValue] -= 1
        return admitted
    }

    /// Takes the first attempt of a line.
    mutating func popFirst(_ line: Line) -> Assignment? {
        while let assignment = lines[line.rawValue].popFirst() {
            if removed.isEmpty || removed.remove(assignment.task) == nil {
                counts[line.rawValue] -= 1
                return assignment
            }
        }
        return nil
    }

    /// Takes the next attempt that may be held by a worker while it executes another one.
    ///
    /// The checkpoint says of a task that failed in an earlier run that it failed, until it begins: it is not held.
    mutating func popFirstToHold() -> (assignment: Assignment, admission: Admission)? {
        let line: Line = self[.pooled] > 0 ? .pooled : .pooledAhead
        guard let assignment = popFirst(line) else { return nil }
        guard !assignment.isRestart else {
            add(assignment, to: line, isFirst: true)
            return nil
        }
        return (assignment, line == .pooled ? .now : .behindAnother)
    }
}
