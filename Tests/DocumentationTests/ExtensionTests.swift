import Flowmancer
import FlowmancerTesting
import Foundation
import Testing

@Suite struct ExtensionTests {
    private let target = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path

    @Test func theReportCountsAllTasks() async throws {
        defer { try? FileManager.default.removeItem(atPath: target) }
        var job = JobDefinition(name: "download")
        job.addTask("count", CountRecords.self, parameters: ["source": "ftp://example.org"])
        job.addTask("await", AwaitRecords.self, dependsOn: ["count"], parameters: ["minimum": 1])
        let report = try configured(StateReport.self, ["target": .string(target)])
        let run = try await runJob(job, extensions: [report])
        #expect(run.pluginErrors.isEmpty)
        let lines = try String(contentsOfFile: target, encoding: .utf8).split(separator: "\n")
        #expect(lines.first?.hasPrefix("download on ") == true)
        #expect(lines.dropFirst() == ["1 of 2 failed", "1 of 2 defaulted"])
    }

    @Test func theLastWordsOfEveryFailedAttemptAreKept() async throws {
        defer { try? FileManager.default.removeItem(atPath: target) }
        var job = JobDefinition(name: "download")
        job.addTask("count", CountRecords.self, parameters: ["source": "x"]) { $0.maxAttempts = 2 }
        let words = try configured(LastWords.self, ["target": .string(target), "lines": 1])
        _ = try await runJob(job, extensions: [words])
        let expected = """
            count, attempt 1:
              no records from x
            count, attempt 2:
              no records from x

            """
        #expect(try String(contentsOfFile: target, encoding: .utf8) == expected)
    }

    @Test func bothTakeEveryRun() async throws {
        defer { try? FileManager.default.removeItem(atPath: target) }
        try await ExtensionConformance { try configured(StateReport.self, ["target": .string(target)]) }.check()
        try await ExtensionConformance { try configured(LastWords.self, ["target": .string(target)]) }.check()
        try await LoggerConformance { try configured(LastWords.self, ["target": .string(target)]) }.check()
    }
}
