import Flowmancer
import Glibc

/// What an article shows as the top level of a program.
func runNightlyReport() async throws -> Never {
    var job = JobDefinition(name: "nightly-report")
    job.addTask("count", CountLines.self, parameters: ["file": "./data/report.txt"]) { $0.maxAttempts = 2 }
    job.addTask("add", AddLines.self, dependsOn: ["count"])
    let result = try await JobRunner(job).run()
    exit(result.exitCode)
}

func runQuietly(_ job: JobDefinition) async throws -> RunResult {
    var options = JobRunner.Options()
    options.report = { notice in
        if notice.code == .pluginFailed || notice.severity >= .warning { print(notice.text) }
    }
    return try await JobRunner(job, options: options).run()
}

func jobWithReuse() -> JobDefinition {
    var job = JobDefinition(name: "nightly")
    job.addTask("count", CountLines.self, parameters: ["file": "data/report.txt"])
    job.tasks["count"]?.reuse = Reuse(inputs: ["data/*.txt"], produces: ["count.txt"], version: 3)
    return job
}
