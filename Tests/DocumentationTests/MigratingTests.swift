import Flowmancer
import FlowmancerTesting
import Foundation
import Testing

/// The job of the article about migrating, with the files that it shows and the tasks of these sources.
@Suite struct MigratingTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    private func loadJob() throws -> JobDefinition {
        let files = try Article("Documentation/Migrating.md").blocks(in: "yaml")
        try FileManager.default.createDirectory(
            at: directory.appending(path: "orders"),
            withIntermediateDirectories: true
        )
        for (name, text) in zip(["job.yaml", "plugins.yaml"], files) { try write(text, to: name) }
        try write("1,10.5\n2,20\n", to: "orders/north.csv")
        let context = JobLoadingContext(
            appRoot: directory.path,
            environment: ["ORDERS": directory.appending(path: "orders").path]
        )
        var job = try YAMLJobDefinitionFormat().load(directory.appending(path: "job.yaml").path, context: context)
            .definition
        job.tasks["report"]?.parameters["target"] = .string(directory.appending(path: "report.txt").path)
        return job
    }

    private func write(_ text: String, to name: String) throws {
        try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }

    @Test func theJobGoesOnWhenTheOrdersAreThere() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let job = try loadJob()
        #expect(job.loggers["errors"]?.variant == "ErrorFile")
        #expect(job.extensions["failures"]?.variant == "FailedTasks")
        #expect(job.checkpointer.variant == "JSONCheckpointer")

        let first = try await runJob(job)
        #expect(first.states == ["sum-north": .completed, "sum-south": .failed, "report": .defaulted])
        #expect(first.path(of: "sum-south").filter { $0 == .running }.count == 3)
        #expect(first.messages(of: "sum-south", attempt: 1).last == "nothing is known about south")

        try write("1,x,7\n2,y,1.25\n", to: "orders/south.csv")
        try await runJob(job, from: first.checkpoint).requireSuccess()
        let report = try String(contentsOf: directory.appending(path: "report.txt"), encoding: .utf8)
        #expect(report == "Orders\nnorth: 30.50 EUR\nsouth: 8.25 USD\n")
    }

    @Test func itsLoggerAndItsExtensionTakeEveryRun() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let target: ParameterValue = .string(directory.appending(path: "target.txt").path)
        try await LoggerConformance { try configured(ErrorFile.self, ["target": target]) }.check()
        try await ExtensionConformance { try configured(FailedTasks.self, ["target": target]) }.check()
    }

    @Test func itsCheckpointerKeepsJobsApart() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let checkpointer = try configured(JSONCheckpointer.self, ["folder": .string(directory.path)])
        let contents = ["daily", "daily/2", "../daily", ""].map { name in
            CheckpointContents(name: name, states: ["a": .completed, name: .failed])
        }
        for content in contents { try await checkpointer.writeCheckpoint(content, for: content.name) }
        for content in contents {
            #expect(try await checkpointer.readCheckpoint(for: content.name) == content)
            try await checkpointer.clearCheckpoint(for: content.name)
            await #expect(throws: NoCheckpointAvailableError.self) {
                try await checkpointer.readCheckpoint(for: content.name)
            }
        }
    }
}
