import Flowmancer
import FlowmancerDashboard

// Programs of articles, without their beginning: this is a test.

enum MyJob {
    static func register(in catalog: inout TypeCatalog) {
        catalog.register(Copy<Int>.self)
        catalog.register(Greet.self, as: "Hello")
    }
}

enum Reports {
    static let version: String? = "1.2.0"
    static let defaultJobFile: String? = "job.yaml"
    static let formats: [any JobDefinitionFormat] = [YAMLJobDefinitionFormat(), JSONJobDefinitionFormat()]
}

enum Nightly {
    static func main() async throws {
        JobRunner.startWorkerIfNeeded()
        try await runDailyReport()
    }
}

enum Pipelines {
    static var commands: [ProgramCommands] { [.dashboard] }
}

enum DailyReport {
    static let defaultJobFile: String? = "job.yaml"
}
