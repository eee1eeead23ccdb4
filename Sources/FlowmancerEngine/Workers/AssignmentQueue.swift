import DequeModule
import FlowmancerCore

/// Attempts that wait for a worker, in their order.
struct AssignmentQueue {
    private var pooled = Deque<Assignment>()
    private var isolated = Deque<Assignment>()
    /// The tasks whose attempts wait. One that was removed is passed over when its turn comes: an abort removes
    /// thousands.
    private var tasks: Set<Int> = []

    /// How many attempts wait.
    var count: Int { tasks.count }
    /// Whether attempts wait that need a worker which has executed nothing.
    var hasIsolated: Bool { !isolated.isEmpty }

    /// Adds an attempt. A task has at most one here.
    mutating func append(_ assignment: Assignment) {
        tasks.insert(assignment.task)
        switch assignment.isolation {
        case .pool: pooled.append(assignment)
        case .process: isolated.append(assignment)
        }
    }

    /// Adds an attempt before all others: it had left the queue already.
    mutating func prepend(_ assignment: Assignment) {
        tasks.insert(assignment.task)
        switch assignment.isolation {
        case .pool: pooled.prepend(assignment)
        case .process: isolated.prepend(assignment)
        }
    }

    /// Removes the attempt of a task, if one waits.
    mutating func remove(task: Int) {
        tasks.remove(task)
    }

    /// Takes the next attempt for a worker.
    ///
    /// - Parameter isFresh: Whether the worker has executed nothing: attempts that need such a one come first.
    mutating func popFirst(isFresh: Bool) -> Assignment? {
        (isFresh ? Self.popFirst(of: &isolated, &tasks) : nil) ?? Self.popFirst(of: &pooled, &tasks)
    }

    /// Takes the next attempt that may be held by a worker while it executes another one.
    mutating func popFirstToHold() -> Assignment? {
        guard let first = pooled.first, !first.message.isRestart else { return nil }
        return Self.popFirst(of: &pooled, &tasks)
    }

    private static func popFirst(of queue: inout Deque<Assignment>, _ tasks: inout Set<Int>) -> Assignment? {
        while let assignment = queue.popFirst() {
            if tasks.remove(assignment.task) != nil { return assignment }
        }
        return nil
    }
}
