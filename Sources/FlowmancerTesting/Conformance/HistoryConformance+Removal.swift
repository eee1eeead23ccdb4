import Flowmancer
import FoundationEssentials

extension HistoryConformance {
    /// The rules about the removal of runs.
    var removalRules: [ConformanceRule] {
        [
            ConformanceRule("a run can be removed, also if it was") {
                let record = try await store("conformance")
                let other = try await store("conformance")
                for _ in 0..<2 { try await instance().removeRun(record.id) }
                let found = try await runs(of: "conformance").map(\.record.id)
                try ConformanceRule.require(found == [other.id], "\(found.count) runs are left of the other one")
                let reader = try await instance().openRun(record.id, after: 0)
                try ConformanceRule.require(reader == nil, "it can still be opened")
                try await clear("conformance")
            },
            ConformanceRule("a run that is under way is not removed") {
                let (record, recorder) = try await begin("conformance")
                do {
                    try await instance().removeRun(record.id)
                    throw ConformanceRule.Finding("no RunUnderWayError is thrown")
                } catch let error as RunUnderWayError {
                    try ConformanceRule.require(error.id == record.id, "the error names another run")
                }
                _ = try await run(record)
                try await end(record, recorder, after: 0)
                try await clear("conformance")
            },
            ConformanceRule("of each job so many runs are kept, the newest ones") {
                let other = try await store("conformance-other", keeping: 3)
                var ids: [RunID] = []
                for _ in 0..<6 { ids.insert(try await store("conformance", keeping: 3).id, at: 0) }
                let found = try await runs(of: "conformance").map(\.record.id)
                try ConformanceRule.require(found == Array(ids.prefix(3)), "\(found) is kept of \(ids)")
                _ = try await run(other)
                try await clear("conformance", "conformance-other")
            },
            ConformanceRule("a run that is under way is kept, however old it is") {
                let (record, recorder) = try await begin("conformance", keeping: 2)
                for _ in 0..<4 { try await store("conformance", keeping: 2) }
                let found = try await runs(of: "conformance")
                try ConformanceRule.require(found.contains { $0.record.id == record.id }, "it is not")
                try ConformanceRule.require(found.count == 3, "beside it, \(found.count - 1) are kept instead of 2")
                try await end(record, recorder, after: 0)
                try await clear("conformance")
            },
        ]
    }
}
