/// Decides how many workers to start: enough that tasks which wait for something all run at once, few enough that tasks
/// which compute do not get in each other's way.
struct WorkerDemand: Sendable {
    /// How often the demand is looked at while tasks wait.
    static let interval: Duration = .milliseconds(10)

    /// From this share of the machine's processors on, more workers would only compete for them.
    private static let saturation = 0.75

    /// How many of a crowd of workers are added at once where the processors are saturated: one in ten intervals, since
    /// a task that computes may wait for another one.
    private static let saturatedPace = 10

    /// How many light workers are added in the place of one other.
    static let lightPace = 8

    private let cores: Int
    /// As many as this are started without asking.
    let base: Int
    private var saturatedIntervals = 0

    init(cores: Int) {
        self.cores = cores
        base = max(2, cores * 2)
    }

    /// Returns how many workers to start right now.
    ///
    /// - Parameters:
    ///   - waiting: Attempts that no worker has taken up.
    ///   - starting: Workers that are on their way.
    ///   - total: All workers, those on their way included.
    func immediate(waiting: Int, starting: Int, total: Int) -> Int {
        max(0, min(waiting - starting, base - total))
    }

    /// What an ``interval`` in which attempts had to wait was like.
    struct Observation: Sendable {
        /// Attempts that no worker has taken up.
        var waiting: Int
        /// Workers that are on their way.
        var starting: Int
        /// All workers, those on their way included.
        var total: Int
        /// Attempts that ended within the interval.
        var ended: Int
        /// How many processors the workers kept busy.
        var load: Double
    }

    /// Returns how many workers to start because attempts have waited for an ``interval``.
    ///
    /// If each worker ended at least one attempt in that time, attempts are short, and if the workers kept the
    /// processors busy, attempts compute: more workers would only get in their way. Otherwise the number doubles.
    mutating func growth(_ seen: Observation) -> Int {
        guard seen.ended < seen.total || seen.total == 0 else { return 0 }
        let missing = max(0, seen.waiting - seen.starting)
        guard seen.total >= base, seen.load >= Self.saturation * Double(cores) else {
            saturatedIntervals = 0
            return min(missing, max(seen.total, base))
        }
        saturatedIntervals += 1
        return saturatedIntervals.isMultiple(of: Self.saturatedPace) ? min(missing, 1) : 0
    }
}
