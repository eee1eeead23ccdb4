import Flowmancer
import Foundation

func runDailyReport() async throws {
    let context = JobLoadingContext(appRoot: ".", environment: ProcessInfo.processInfo.environment)
    let job = try YAMLJobDefinitionFormat().load("job.yaml", context: context).definition
    let result = try await JobRunner(job).run()
    try result.requireSuccess()
}
