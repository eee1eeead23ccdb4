import FlowmancerCore
import FoundationEssentials

@testable import FlowmancerJobFile

/// A directory with job files, which is the app root of the jobs that are loaded from it.
final class JobDirectory: Sendable {
    let path: String

    init(_ files: [String: String] = [:]) throws {
        path = FileManager.default.temporaryDirectory.path + "/job-file-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        for (name, text) in files { try write(name, Array(text.utf8)) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func write(_ name: String, _ bytes: [UInt8]) throws {
        let file = "\(path)/\(name)"
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        try FileManager.default.createDirectory(atPath: "/\(folder)", withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }

    /// Loads a job by the format that its name asks for.
    func load(
        _ name: String,
        environment: [String: String] = [:],
        variables: [String: String] = [:]
    ) -> PartialJob {
        let context = JobLoadingContext(appRoot: path, environment: environment, variables: variables)
        let syntax: SourceSyntax = name.hasSuffix(".json") ? .json : .yaml
        var job = JobFileLoader.load("\(path)/\(name)", syntax: syntax, context: context)
        for index in job.issues.indices {
            let file = job.issues[index].location?.file.replacing("\(path)/", with: "")
            if let file { job.issues[index].location?.file = file }
        }
        return job
    }

    /// The messages about a job, without the directory's own path.
    func messages(_ name: String, environment: [String: String] = [:], variables: [String: String] = [:]) -> [String] {
        load(name, environment: environment, variables: variables).issues.map {
            $0.description.replacing("\(path)/", with: "").replacing(path, with: "<root>")
        }
    }
}

/// Loads the text of one YAML file.
func loadYAML(_ text: String, environment: [String: String] = [:], variables: [String: String] = [:]) throws
    -> PartialJob
{
    try JobDirectory(["job.yaml": text]).load("job.yaml", environment: environment, variables: variables)
}

/// Loads the text of one JSON file.
func loadJSON(_ text: String, environment: [String: String] = [:], variables: [String: String] = [:]) throws
    -> PartialJob
{
    try JobDirectory(["job.json": text]).load("job.json", environment: environment, variables: variables)
}

func messagesOfYAML(_ text: String) throws -> [String] {
    try JobDirectory(["job.yaml": text]).messages("job.yaml")
}

func messagesOfJSON(_ text: String) throws -> [String] {
    try JobDirectory(["job.json": text]).messages("job.json")
}
