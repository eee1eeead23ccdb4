package import FlowmancerCore

/// Finds out how runs stand that were read from a database.
///
/// A run that ends commits its end, and then its process ends. So a run whose process is gone is read once more: it may have
/// ended after it was read for the first time.
package struct StoredRuns {
    /// What the database is called in problems.
    private let place: String
    private let life: (RunRecord) throws -> ProcessLife
    private let find: (RunID) throws -> StoredRun?

    /// - Parameters:
    ///   - life: Says whether the process of a run without an end is alive.
    ///   - find: Reads a run anew.
    package init(
        at place: String,
        life: @escaping (RunRecord) throws -> ProcessLife,
        find: @escaping (RunID) throws -> StoredRun?
    ) {
        self.place = place
        self.life = life
        self.find = find
    }

    /// Returns what is known of a run; `nil` if it was removed meanwhile.
    ///
    /// - Throws: `HistoryError` if its entry is damaged.
    package func run(_ id: RunID) throws -> KeptRun? {
        guard let stored = try find(id) else { return nil }
        guard let run = try stored.run(life: life) else { throw HistoryError(stored.damage(at: place)) }
        return try confirmed(run)
    }

    /// Returns the runs that a query asks for. How they stand is to be ``confirmed(_:_:)``.
    ///
    /// - Parameter next: Returns the next stored run, from the newest to the oldest.
    package func page(_ query: RunQuery, _ next: () throws -> StoredRun?) throws -> RunPage {
        var page = RunPage()
        while let stored = try next() {
            guard let run = try stored.run(life: life) else {
                page.problems.append(stored.damage(at: place))
                continue
            }
            guard query.admits(run) else { continue }
            if page.runs.count == query.limit {
                page.next = page.runs.last?.record.id
                break
            }
            page.runs.append(run)
        }
        return page
    }

    /// Reads those runs once more that may have ended meanwhile, in another transaction than before.
    package func confirmed(_ page: RunPage, _ query: RunQuery) throws -> RunPage {
        var page = page
        page.runs = try page.runs.compactMap { run in try confirmed(run).flatMap { query.admits($0) ? $0 : nil } }
        return page
    }

    private func confirmed(_ run: KeptRun) throws -> KeptRun? {
        guard run.end == nil, run.life != .alive else { return run }
        return try find(run.record.id)?.run { _ in run.life }
    }
}
