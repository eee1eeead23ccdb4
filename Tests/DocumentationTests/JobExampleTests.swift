import Flowmancer
import FlowmancerDiscovery
import Foundation
import Testing

/// Every job in the documentation is valid. A block in YAML that has no tasks is a part of a job.
@Suite struct JobExampleTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

    @Test(arguments: Article.all.filter { !$0.blocks(in: "yaml").isEmpty })
    func jobsAreValid(_ article: Article) throws {
        try FileManager.default.createDirectory(
            at: directory.appending(path: "jobs"),
            withIntermediateDirectories: true
        )
        defer { try? FileManager.default.removeItem(at: directory) }
        try write("tasks: {count: {task: CountLines}}", to: "jobs/common.yaml")
        try write("aliases: {}", to: "plugins.yaml")
        let command = #"./publish "$VAR{channel}" "$VAR{rows}""#
        let publish = "tasks:\n  publish:\n    task: Shell\n    parameters:\n      command: \(command)\n"
        try write(publish, to: "jobs/publish.yaml")
        let tasks = "tasks:\n  build:\n    task: Shell\n    parameters:\n      command: ./publish $VAR{channel}\n"
        try write(tasks, to: "publish.yaml")
        for block in article.blocks(in: "yaml") where block.contains(/(?m)^\w/) {
            try write(Self.completed(block), to: "job.yaml")
            do {
                let job = try load(block)
                let own = Self.withOwnTypes(job.definition)
                let issues = job.warnings + JobValidator.validate(own, catalog: Self.catalog)
                #expect(issues.isEmpty, "\(issues.map(\.description).joined(separator: "\n"))\n\(block)")
            } catch {
                Issue.record("\(error)\n\(block)")
            }
        }
    }

    private func load(_ block: String) throws -> LoadedJob {
        let names = block.matches(of: /\$ENV{(\w+)/).map { String($0.1) }
        let context = JobLoadingContext(
            appRoot: directory.path,
            environment: Dictionary(names.map { ($0, "https://example.org") }, uniquingKeysWith: { first, _ in first })
        )
        return try YAMLJobDefinitionFormat().load(directory.appending(path: "job.yaml").path, context: context)
    }

    private func write(_ text: String, to name: String) throws {
        try text.write(to: directory.appending(path: name), atomically: true, encoding: .utf8)
    }

    private static let catalog = TypeCatalog.discovered()

    /// Adds what a part of a job lacks: a name and a task.
    private static func completed(_ block: String) -> String {
        var text = block
        if !block.contains(/(?m)^tasks:/) {
            text += "\ntasks: {example: {task: Shell, parameters: {command: \"true\"}}}\n"
        }
        if !block.contains(/(?m)^config:/) { text += "\nconfig: {name: example}\n" }
        return text
    }

    /// Names the types of the documentation and of the products: other tests have types of the same names.
    private static func withOwnTypes(_ job: JobDefinition) -> JobDefinition {
        var job = job
        for (name, task) in job.tasks {
            job.tasks[name]?.variant = own(task.variant) { (try? catalog.task(named: $0).get()) != nil }
        }
        for (name, logger) in job.loggers {
            job.loggers[name]?.variant = own(logger.variant) { (try? catalog.logger(named: $0).get()) != nil }
        }
        for (name, plugin) in job.executors {
            job.executors[name]?.variant = own(plugin.variant) { (try? catalog.executor(named: $0).get()) != nil }
        }
        for (name, plugin) in job.extensions {
            job.extensions[name]?.variant = own(plugin.variant) { (try? catalog.extension(named: $0).get()) != nil }
        }
        job.checkpointer.variant = own(job.checkpointer.variant) { (try? catalog.checkpointer(named: $0).get()) != nil }
        job.history.variant = own(job.history.variant) { (try? catalog.history(named: $0).get()) != nil }
        // Without its trait, there is none.
        if job.checkpointer.variant == "PostgresCheckpointer" {
            job.checkpointer = JobDefinition(name: "").checkpointer
        }
        if job.history.variant == "PostgresHistory" { job.history = JobDefinition(name: "").history }
        return job
    }

    private static func own(_ name: String, exists: (String) -> Bool) -> String {
        let modules = ["DocumentationTests", "FlowmancerPlugins", "FlowmancerHistory", "FlowmancerNotifications"]
        let names = (modules + ["FlowmancerSlurm", "FlowmancerTelemetry", "FlowmancerSQLite", "FlowmancerPostgres"]).map
        {
            "\($0).\(name)"
        }
        return names.first(where: exists) ?? name
    }
}
