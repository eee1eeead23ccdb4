import Flowmancer
import FoundationEssentials

extension HistoryConformance {
    /// The rules about lists of runs.
    var listingRules: [ConformanceRule] {
        [
            ConformanceRule("runs are listed from the newest to the oldest, each on one page") {
                var ids: [RunID] = []
                for _ in 0..<11 { ids.insert(try await store("conformance").id, at: 0) }
                for limit in [1, 4, 11, 12] {
                    var query = RunQuery(limit: limit)
                    query.job = "conformance"
                    var found: [RunID] = []
                    repeat {
                        let page = try await instance().runs(query)
                        try ConformanceRule.require(
                            page.runs.count <= limit,
                            "a page of \(limit) has \(page.runs.count)"
                        )
                        try ConformanceRule.require(page.next == nil || page.runs.count == limit, "a page is not full")
                        found += page.runs.map(\.record.id)
                        query.before = page.next
                    } while query.before != nil
                    try ConformanceRule.require(
                        found == ids,
                        "with pages of \(limit), \(found) is found instead of \(ids)"
                    )
                }
                try await clear("conformance")
            },
            ConformanceRule("jobs do not see each other's runs, however similar their names are") {
                let names = AwkwardContents.names.map { "conformance\($0)" }
                var ids: [RunID] = []
                for name in names { ids.append(try await store(name).id) }
                for (name, id) in zip(names, ids) {
                    let found = try await runs(of: name).map(\.record.id)
                    try ConformanceRule.require(
                        found == [id],
                        "'\(name)' has \(found.count) runs, or that of another job"
                    )
                }
                for name in names { try await clear(name) }
            },
            ConformanceRule("every condition of a query holds for what it returns") { try await checkConditions() },
        ]
    }

    private func checkConditions() async throws {
        let job = "conformance"
        let start = Date(timeIntervalSince1970: 1_700_000_000)
        let states: [RunState] = [.succeeded, .failed, .aborted]
        var all: [KeptRun] = []
        for number in 0..<9 {
            let state = states[number % 3]
            let record = try await store(job, as: state) {
                $0.startedAt = start.addingTimeInterval(Double(number) * 60)
            }
            all.insert(try await run(record), at: 0)
        }
        func check(_ words: String, _ change: (inout RunQuery) -> Void) async throws {
            var query = RunQuery(limit: 100)
            query.job = job
            change(&query)
            let expected = all.filter(query.admits).map(\.record.id)
            let found = try await instance().runs(query).runs.map(\.record.id)
            try ConformanceRule.require(found == expected, "with \(words), \(found) is found instead of \(expected)")
        }
        try await check("one state") { $0.states = [.failed] }
        try await check("two states") { $0.states = [.aborted, .succeeded] }
        try await check("no state") { $0.states = [] }
        try await check("a beginning") { $0.since = start.addingTimeInterval(180) }
        try await check("an end") { $0.until = start.addingTimeInterval(180) }
        try await check("both") { ($0.since, $0.until) = (start.addingTimeInterval(60), start.addingTimeInterval(240)) }
        for run in all {
            let id = run.record.id.description
            try await check("a part of an id") { $0.idPart = String(id.suffix(12)) }
            try await check("an id") { $0.idPart = id }
        }
        try await check("a text that is in no id") { $0.idPart = "no-such-id" }
        try await clear(job)
    }
}
