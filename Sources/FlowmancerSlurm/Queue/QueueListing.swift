import FlowmancerCore

/// What `squeue` printed about jobs.
struct QueueListing: Hashable, Sendable {
    struct Entry: Hashable {
        var id: SlurmJobID
        /// In Slurm's own word: `RUNNING`.
        var state: String
        /// Why it waits or failed, in Slurm's own word.
        var reason: String
        /// Empty before it starts.
        var node: String
        var comment: String
        var name: String
    }

    private(set) var entries: [Entry]
    private var places: [SlurmJobID: Int] = [:]

    /// The words of the command that prints what is read here, for some jobs or for a user. The format is one that all versions
    /// of Slurm have: what JSON has in it changed several times.
    static func words(jobs: some Collection<Int>) -> [String] {
        words + ["--jobs=\(jobs.map { "\($0)" }.joined(separator: ","))"]
    }

    static func words(user: UInt32) -> [String] { words + ["--user=\(user)"] }

    private static let words = ["squeue", "--noheader", "--array", "--states=all", "--format=%i|%T|%r|%N|%k|%j"]

    /// Reads what `squeue` printed. A line that is something else is passed over.
    init(_ text: String) {
        entries = text.split(whereSeparator: \.isNewline).compactMap { line in
            // A name may have the separator in it.
            let fields = line.split(separator: "|", maxSplits: 5, omittingEmptySubsequences: false).map { field in
                String(field.trimmingPrefix(while: \.isWhitespace))
            }
            guard fields.count == 6, let id = SlurmJobID(fields[0]) else { return nil }
            return Entry(
                id: id,
                state: fields[1],
                reason: fields[2],
                node: fields[3],
                comment: fields[4],
                name: fields[5]
            )
        }
        for (place, entry) in entries.enumerated() { places[entry.id] = place }
    }

    /// What is said about a pilot; `nil` if Slurm does not know it any more.
    func entry(of pilot: String) -> Entry? {
        guard let id = SlurmJobID(pilot), let task = id.task else { return nil }
        if let place = places[id] { return entries[place] }
        return entries.first { $0.id.job == id.job && $0.id.holds(task) }
            ?? places[SlurmJobID(job: id.job, tasks: .whole)].map { entries[$0] }
    }
}

extension SlurmJobID {
    init(job: Int, tasks: Tasks) {
        (self.job, self.tasks) = (job, tasks)
    }

    /// Whether a list of tasks has a task.
    func holds(_ task: Int) -> Bool {
        guard case .some(let ranges) = tasks else { return false }
        return ranges.contains { $0.contains(task) }
    }
}
