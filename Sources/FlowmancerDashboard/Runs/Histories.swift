import Flowmancer
import FlowmancerCore
import FoundationEssentials

/// The histories whose runs are shown.
struct Histories: Sendable {
    let all: [any FlowHistory]

    /// Returns runs of all histories, the newest first.
    func runs(_ query: RunQuery) async throws -> RunPage {
        guard all.count != 1 else { return try await all[0].runs(query) }
        var runs: [KeptRun] = []
        var problems: [HistoryProblem] = []
        var isCut = false
        for history in all {
            let page = try await history.runs(query)
            runs += page.runs
            problems += page.problems
            isCut = isCut || page.next != nil
        }
        runs.sort { $0.record.id > $1.record.id }
        // Two histories may be one, under different names.
        var seen: Set<RunID> = []
        runs = runs.filter { seen.insert($0.record.id).inserted }
        let shown = Array(runs.prefix(query.limit))
        return RunPage(
            runs: shown,
            next: isCut || shown.count < runs.count ? shown.last?.record.id : nil,
            problems: problems
        )
    }

    /// Returns the newest run of a process; `nil` if none is on record.
    ///
    /// - Parameter begin: The run began at this time or later.
    func run(of process: Int32, since begin: Date? = nil) async throws -> KeptRun? {
        var query = RunQuery(limit: 20)
        query.since = begin
        return try await runs(query).runs.first { $0.record.process?.number == Int(process) }
    }

    /// Opens a run to be read.
    ///
    /// - Returns: `nil` if no history has such a run.
    func openRun(_ id: RunID, after number: Int) async throws -> (any RunReader)? {
        for history in all {
            if let reader = try await history.openRun(id, after: number) { return reader }
        }
        return nil
    }
}
