/// Decides how many workers to start: enough that tasks which wait for something all run at once, few enough that tasks
/// which compute do not get in each other's way.
struct WorkerDemand: Sendable {
    /// How often the demand is looked at while tasks wait.
    static let interval: Duration = .milliseconds(10)

    /// As many as this are started without asking.
    let base: Int

    init(cores: Int) {
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

    /// Returns how many workers to start because attempts have waited for an ``interval``.
    ///
    /// If each worker ended at least one attempt in that time, attempts are short: more workers would only compete for
    /// the processors. Otherwise the number doubles.
    ///
    /// - Parameter ended: Attempts that ended within the interval.
    func growth(waiting: Int, starting: Int, total: Int, ended: Int) -> Int {
        ended >= total && total > 0 ? 0 : max(0, min(waiting - starting, max(total, base)))
    }
}
