import Testing

@testable import FlowmancerCore

@Suite struct ReuseProducersTests {
    private func producers(of input: String, _ products: String...) -> [Int] {
        var job = JobDefinition()
        for (number, product) in products.enumerated() {
            job.tasks["t\(number)"] = TaskDefinition("T")
            job.tasks["t\(number)"]?.reuse = Reuse(produces: [product])
        }
        return ReuseProducers(job).producers(of: PathPattern(input))
    }

    @Test func aTaskProducesWhatItsPathsAndPatternsStandFor() {
        #expect(
            producers(of: "out/a.csv", "out/a.csv", "out", "out/*.csv", "out/b.csv", "o", "**/a.csv") == [0, 1, 2, 5]
        )
        #expect(producers(of: "out/*.csv", "out/a.csv", "out", "out/x.txt", "other/*", "out/*") == [0, 1, 4])
        #expect(producers(of: "out", "out/deep/a.csv", "./out", "/out", "output") == [0, 1])
    }
}
