/// Which tasks of a job array, or which job, a line of Slurm's is about.
struct SlurmJobID: Hashable, Sendable {
    enum Tasks: Hashable {
        /// A job by itself; of a job array, those of which nothing else is said.
        case whole
        case some([ClosedRange<Int>])
    }

    var job: Int
    var tasks: Tasks

    /// Reads `17`, `17_3` or `17_[1,3-5%2]`; `nil` if it is something else.
    init?(_ text: String) {
        let parts = text.split(separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
        guard let job = parts.first.flatMap({ Self.number($0) }) else { return nil }
        self.job = job
        guard parts.count == 2 else {
            tasks = .whole
            return
        }
        guard parts[1].hasPrefix("[") else {
            guard let task = Self.number(parts[1]) else { return nil }
            tasks = .some([task...task])
            return
        }
        // `%2` says how many may run at a time. Of a long list, squeue leaves the end out.
        let list = parts[1].dropFirst().prefix { $0 != "]" && $0 != "%" }
        tasks = .some(list.split(separator: ",").compactMap { Self.range(String($0)) })
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.number($0) }
        guard bounds.count <= 2, let first = bounds[0], let last = bounds[bounds.count - 1], first <= last else {
            return nil
        }
        return first...last
    }

    private static func number(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }

    /// The number of one task.
    var task: Int? {
        guard case .some(let ranges) = tasks, ranges.count == 1, ranges[0].count == 1 else { return nil }
        return ranges[0].lowerBound
    }

    /// The id of the pilot that is a task of a job array.
    static func pilot(_ job: Int, _ task: Int) -> String { "\(job)_\(task)" }

    /// Returns pilots as few words for `scancel`: `17_[1-3,5]`. What is no pilot's id is left out.
    static func words(for pilots: some Sequence<String>) -> [String] {
        var tasks: [Int: Set<Int>] = [:]
        for case let id? in pilots.map({ SlurmJobID($0) }) {
            if let task = id.task { tasks[id.job, default: []].insert(task) }
        }
        return tasks.sorted { $0.key < $1.key }.flatMap { job, tasks in
            Self.lists(of: tasks.sorted()).map { "\(job)_[\($0)]" }
        }
    }

    /// Returns sorted numbers as lists with ranges, each of a length that Slurm reads.
    private static func lists(of numbers: [Int]) -> [String] {
        var ranges: [ClosedRange<Int>] = []
        for number in numbers {
            if let last = ranges.last, last.upperBound + 1 == number {
                ranges[ranges.count - 1] = last.lowerBound...number
            } else {
                ranges.append(number...number)
            }
        }
        let texts = ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return stride(from: 0, to: texts.count, by: 100).map { start in
            texts[start..<min(start + 100, texts.count)].joined(separator: ",")
        }
    }
}
