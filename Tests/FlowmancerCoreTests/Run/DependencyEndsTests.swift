import FlowmancerCore
import FoundationEssentials
import Testing

@Suite struct DependencyEndsTests {
    private func job() -> JobDefinition {
        var job = JobDefinition(name: "job")
        for (name, dependencies) in [("a", []), ("b", []), ("plain", ["a", "b"]), ("react", ["b", "a"])] {
            job.tasks[name] = TaskDefinition("T")
            job.tasks[name]?.dependencies = dependencies
        }
        job.tasks["react"]?.runIf = .allFinished
        return job
    }

    @Test func onlyThoseWhoReactAreTold() {
        let job = job()
        var ends = DependencyEnds(TaskRoster(job))
        #expect(!ends.isEmpty && ends.wants(0) && !ends.wants(2))
        let first = EndedDependency(name: "a", state: .completed)
        ends.note(first, of: 0)
        #expect(ends.dependencies(of: 3) == [first])
        let second = EndedDependency(name: "b", state: .failed, reason: "it broke", log: "/logs/b.log")
        ends.note(second, of: 1)
        #expect(ends.dependencies(of: 3) == [second, first])
        #expect(ends.dependencies(of: 2) == nil)
    }

    @Test func aJobWithoutRulesKeepsNothing() {
        var job = job()
        job.tasks["react"]?.runIf = .allCompleted
        var ends = DependencyEnds(TaskRoster(job))
        ends.note(EndedDependency(name: "a", state: .completed), of: 0)
        #expect(ends.isEmpty && !ends.wants(0))
    }

    @Test func theFileIsJSONWhateverNamesThereAre() throws {
        let told = [
            EndedDependency(name: "a \"b\"\n\\", state: .failed, reason: "1\u{1}2", log: "/logs/é.log"),
            EndedDependency(name: "c", state: .skipped),
        ]
        let bytes = EndedDependency.json(told)
        #expect(try JSONDecoder().decode([Member].self, from: Data(bytes)).map(\.told) == told)
        #expect(
            String(decoding: EndedDependency.json([told[1]]), as: UTF8.self)
                == "[\n{\"name\": \"c\", \"state\": \"skipped\", \"reason\": null, \"log\": null}\n]\n"
        )
    }

    private struct Member: Decodable {
        let name, state: String
        let reason, log: String?

        var told: EndedDependency {
            EndedDependency(name: name, state: ExecutionState(state) ?? .initial, reason: reason, log: log)
        }
    }
}
