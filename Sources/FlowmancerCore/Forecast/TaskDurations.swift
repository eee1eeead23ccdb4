/// How long the tasks of a job took in runs of the past. A pure value.
///
/// A task takes from the beginning of its first attempt until it completes, with the pauses between its attempts: see
/// ``RunDigest/Task/duration``. Of several runs, the median counts, so that one run on a busy machine changes little.
package struct TaskDurations: Sendable, Hashable {
    /// The runs that they are from, the newest first. Those in which no task completed are not among them.
    package let runs: [RunID]
    /// How many tasks ran at once at most.
    package let peak: Int
    /// By the names of tasks.
    private let own: [String: Duration]
    /// By the names that the job has for tasks that run for items: the median of their items.
    private let ofItems: [String: Duration]
    /// The tasks that never ran, since their conditions or rules did not let them, or they were up to date.
    private let idle: Set<String>
    /// By the names of groups of items, in the newest run that had them: the tasks in them.
    private let members: [String: [String]]

    /// Nothing is known.
    package static let none = TaskDurations(runs: [], peak: 0, samples: [:], idle: [], members: [:])

    /// - Parameter samples: For each task how long it took in each run.
    init(
        runs: [RunID],
        peak: Int,
        samples: [String: [Duration]],
        idle: Set<String>,
        members: [String: [String]]
    ) {
        self.runs = runs
        self.peak = peak
        self.idle = idle
        self.members = members
        own = samples.compactMapValues(Self.median)
        var items: [String: [Duration]] = [:]
        for (name, duration) in own {
            guard let definition = Self.definition(of: name) else { continue }
            items[definition, default: []].append(duration)
        }
        ofItems = items.compactMapValues(Self.median)
    }

    /// Whether nothing is known of any task.
    package var isEmpty: Bool { own.isEmpty }

    /// Returns how long a task is expected to take; `nil` if nothing is known of it.
    ///
    /// Of an item that no run had, what is known of the others holds.
    package func duration(of task: String) -> Duration? {
        own[task] ?? Self.definition(of: task).flatMap { ofItems[$0] } ?? (idle.contains(task) ? .zero : nil)
    }

    /// Returns the tasks that a group of items had in the newest run that had the group.
    package func members(of group: String) -> [String] { members[group] ?? [] }

    /// The name that a job has for a task which runs for an item; `nil` for other tasks.
    private static func definition(of name: String) -> String? {
        guard name.utf8.contains(UInt8(ascii: "[")) else { return nil }
        let definition = MemberName.definition(of: name, in: "")
        return definition == name ? nil : definition
    }

    /// The one in the middle; of an even number, half way between the two in the middle.
    static func median(_ durations: [Duration]) -> Duration? {
        guard !durations.isEmpty else { return nil }
        let sorted = durations.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
