import FlowmancerCore
import FoundationEssentials
import Testing

struct RunSelectorTests {
    private let runs = ["019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c37", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c38"].compactMap {
        RunID($0).map { KeptRun(RunRecord(id: $0, jobName: "nightly\u{1B}", startedAt: Date()), life: .gone) }
    }

    @Test(arguments: ["", "xyz", "last:", "019b_", "'", "019b0f6e-5c2a-7d31-a4c0-5b1e8f2d9c3g"])
    func whatCanBeNoRunIsNone(text: String) {
        #expect(RunSelector(text) == nil)
    }

    @Test func whatIsMeantBecomesAQuery() {
        #expect(RunSelector("last")?.query == RunQuery(limit: 1))
        var query = RunQuery(limit: 1)
        query.job = "a: b"
        #expect(RunSelector("last:a: b")?.query == query)
        #expect(RunSelector("9C37")?.query.idPart == "9c37")
    }

    @Test func onlyOneRunCanBeMeant() throws {
        #expect(try RunSelector("9c37")?.choose(from: RunPage(runs: [runs[0]])) == runs[0])
        #expect(try RunSelector(runs[1].record.id.description)?.choose(from: RunPage(runs: runs)) == runs[1])
        #expect(throws: RunSelectionError.self) { try RunSelector("9c")?.choose(from: RunPage(runs: runs)) }
        do {
            _ = try RunSelector("9c3")?.choose(from: RunPage(runs: runs))
        } catch {
            let text = "\(error)"
            #expect(runs.allSatisfy { text.contains($0.record.id.description) } && text.contains("nightly\\u{1B}"))
        }
    }

    @Test func noRunIsSaid() {
        for (text, words) in [
            ("last", "the history has no run"), ("last:x", "no run of the job 'x'"), ("ab", "whose id contains 'ab'"),
        ] {
            do {
                _ = try RunSelector(text)?.choose(from: RunPage())
                Issue.record("a run was found")
            } catch {
                #expect("\(error)".contains(words))
            }
        }
    }
}
