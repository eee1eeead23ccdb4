import Testing

@testable import FlowmancerCore

@Suite struct PathPatternTests {
    @Test(arguments: [
        ("data/a.csv", "data/a.csv", true), ("./data//a.csv", "data/a.csv", true), ("data", "data/a.csv", true),
        ("data/*.csv", "data/a.csv", true), ("data/*.csv", "data/deep/a.csv", false), ("*.csv", "data/a.csv", false),
        ("data/?.csv", "data/a.csv", true), ("data/?.csv", "data/aa.csv", false), ("data/*", "data/.hidden", false),
        ("data/.*", "data/.hidden", true), ("**/a.csv", "a.csv", true), ("**/a.csv", "x/y/a.csv", true),
        ("data/**", "data/x/y.csv", true), ("data/**", "data", false), ("data/**/*.csv", "data/a.csv", true),
        ("data/**/*.csv", "data/x/y/a.csv", true), ("data/**/*.csv", "data/.x/a.csv", false),
        ("/data/a", "data/a", false), ("/data", "/data/a", true), (".", "a", true), ("data/*", "data/x/y", true),
    ]) func patternsCoverPaths(pattern: String, path: String, expected: Bool) {
        #expect(PathPattern(pattern).covers(PathPattern(path)) == expected)
    }

    @Test func aPathIsWithoutWhatMeansNothing() {
        #expect(PathPattern("./a//b/.").path == "a/b")
        #expect(PathPattern("/a/../b").path == "/a/../b")
        #expect(PathPattern(".").path == ".")
        #expect(PathPattern("/").path == "/")
        #expect(!PathPattern("a/*").isPath && !PathPattern("**").isPath)
    }
}
