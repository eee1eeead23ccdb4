import FlowmancerCore
import FlowmancerPlugins
import FoundationEssentials
import Testing

@Suite struct LogFilterTests {
    private func event(_ task: String, _ severity: Severity?) -> TaskLogEvent {
        TaskLogEvent(
            jobName: "job",
            taskName: task,
            timestamp: Date(),
            attempt: 1,
            kind: severity == nil ? .start : .line,
            severity: severity ?? .info
        )
    }

    @Test func withoutSettingsEverythingIsTaken() {
        #expect(LogFilter().admits(event("a", .debug)))
        #expect(LogFilter().admits(event("a", nil)))
    }

    @Test func linesBelowTheLevelAreLeftOut() {
        let filter = LogFilter(level: .warning)
        #expect(!filter.admits(event("a", .info)))
        #expect(filter.admits(event("a", .warning)))
        #expect(filter.admits(event("a", .critical)))
        #expect(filter.admits(event("a", nil)))
    }

    @Test func excludedTasksAreLeftOutAlsoIfTheyAreIncluded() {
        let filter = LogFilter(include: ["a*", "b"], exclude: "*-x")
        #expect(filter.admits(event("a1", .info)))
        #expect(filter.admits(event("b", nil)))
        #expect(!filter.admits(event("c", .info)))
        #expect(!filter.admits(event("a-x", .info)))
        #expect(!filter.admits(event("a-x", nil)))
        #expect(LogFilter(exclude: ["x"]).admits(event("y", .info)))
    }

    @Test func patternsAreOneTextOrAListAndLevelsHaveAnyCase() async throws {
        let one = try configured(FileLogger.self, ["include": "a*", "level": "warning"])
        let more = try configured(FileLogger.self, ["include": ["a*", "b"], "level": "WARNING"])
        let patterns = await (one.include, more.include)
        #expect(patterns.0 == ["a*"])
        #expect(patterns.1 == ["a*", "b"])
        let levels = await (one.level, more.level)
        #expect(levels == (.warning, .warning))
    }

    @Test(arguments: [
        ("level", ParameterValue.string("warnin"), "did you mean 'warning'?"),
        ("level", .int(3), "expected one of: debug, info, warning, error, critical"),
        ("include", .int(3), "expected text, or a list of texts, found the number 3"),
        ("include", .array([.int(3)]), "expected text, found the number 3"),
    ])
    func otherValuesAreErrors(key: String, value: ParameterValue, text: String) {
        var issues: [JobIssue] = []
        _ = ParameterBinder.make(FileLogger.self, from: [key: value], at: ParameterPath(), issues: &issues)
        #expect(issues.count == 1)
        #expect(issues.first?.message.contains(text) == true, "\(issues)")
    }
}
