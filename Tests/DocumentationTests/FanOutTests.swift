import Flowmancer
import Testing

/// What the article about fan-out says of its examples.
@Suite struct FanOutTests {
    @Test func itemsHaveTheNamesThatAreTold() throws {
        var job = makeLoadJob()
        let test = try #require(job.tasks["test"]?.forEach)
        #expect(try ItemList.items(of: test.items).keys == ["linux,5", "linux,6", "macos,5", "macos,6"])
        limitGroup(&job.tasks["load"]!)
        let load = try #require(job.tasks["load"]?.forEach)
        #expect(try ItemList.items(of: load.items, key: load.key).keys == ["eu", "us"])
        #expect(try ItemList.items(of: ["a/b"]).keys == ["a%2Fb"])
    }

    @Test func jobHasTheTasksThatAreTold() {
        var job = makeReleaseJob()
        #expect(Array(job.tasks.keys) == ["check", "publish", "publish/build", "publish/send", "announce"])
        #expect(JobValidator.validateDependencies(job).isEmpty)
        runChains(&job, for: makeReleaseJob())
        #expect(job.tasks["region/publish/send"]?.parent == "region/publish")
        #expect(JobValidator.validateDependencies(job).isEmpty)
    }
}
