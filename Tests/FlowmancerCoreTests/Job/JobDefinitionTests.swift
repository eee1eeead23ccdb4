import FlowmancerCore
import Testing

@Suite struct JobDefinitionTests {
    @Test func aTaskIsAddedWithAllThatItsDefinitionHas() {
        var job = JobDefinition()
        job.addTask("a", Work.self, dependsOn: ["b"], parameters: ["n": 1]) {
            $0.maxAttempts = 3
            $0.forEach = ["eu", "us"]
        }
        var expected = TaskDefinition(Work.self, parameters: ["n": 1])
        expected.dependencies = ["b"]
        expected.maxAttempts = 3
        expected.forEach = ForEach(["eu", "us"])
        #expect(job.tasks["a"] == expected)
        job.addTask("a", Work.self)
        #expect(job.tasks["a"] == TaskDefinition(Work.self))
    }

    @Test func aJobIsAddedWithItsTasks() {
        var sign = JobDefinition()
        sign.addTask("key", Work.self)
        var publish = JobDefinition(name: "publish")
        publish.addTask("build", Work.self)
        publish.addJob("sign", sign, dependsOn: ["build"])
        publish.addTask("send", Work.self, dependsOn: ["build", "sign/key"])
        var job = JobDefinition()
        job.addTask("list", Work.self)
        job.addJob("publish", publish, dependsOn: ["list"]) { $0.allowsFailure = true }
        job.addTask("report", Work.self, dependsOn: ["publish"])
        #expect(
            Array(job.tasks.keys) == [
                "list", "publish", "publish/build", "publish/sign", "publish/sign/key", "publish/send", "report",
            ]
        )
        #expect(
            job.tasks.values.map(\.parent) == [nil, nil, "publish", "publish", "publish/sign", "publish", nil]
        )
        #expect(job.tasks["publish"]?.subJob != nil)
        #expect(job.tasks["publish"]?.allowsFailure == true)
        #expect(JobValidator.validateDependencies(job).isEmpty)
        // In the place of the other.
        job.addJob("publish", sign)
        #expect(Array(job.tasks.keys) == ["list", "publish", "publish/key", "report"])
    }

    private struct Work: FlowTask {
        @Parameter var n = 0

        func run() async throws {}
    }
}
