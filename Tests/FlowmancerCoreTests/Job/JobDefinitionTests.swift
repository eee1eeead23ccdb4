import FlowmancerCore
import Testing

@Suite struct JobDefinitionTests {
    @Test func aTaskIsAddedWithAllThatItsDefinitionHas() {
        var job = JobDefinition()
        job.addTask(
            "a",
            Work.self,
            dependsOn: ["b"],
            maxAttempts: 3,
            backoff: .seconds(1),
            timeout: .seconds(2),
            isolation: .process,
            parameters: ["n": 1]
        )
        var expected = TaskDefinition(Work.self, parameters: ["n": 1])
        expected.dependencies = ["b"]
        expected.maxAttempts = 3
        expected.backoff = Backoff(first: .seconds(1))
        expected.timeout = .limited(to: .seconds(2))
        expected.isolation = .process
        #expect(job.tasks["a"] == expected)
        job.addTask("a", Work.self)
        #expect(job.tasks["a"] == TaskDefinition(Work.self))
    }

    private struct Work: FlowTask {
        @Parameter var n = 0

        func run() async throws {}
    }
}
