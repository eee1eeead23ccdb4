import Foundation
import Testing

extension Sandbox {
    /// Runs a job named `rules` with these tasks, and records the states in `states.txt`.
    func runRules(_ tasks: String, _ arguments: String...) throws -> Finished {
        try? FileManager.default.removeItem(atPath: path("states.txt"))
        try writeRules(tasks)
        return try start(["-j", "job.yaml"] + arguments).wait()
    }

    /// Writes such a job to `job.yaml`.
    func writeRules(_ tasks: String) throws {
        let recorder = "extensions: {states: {extension: RecordingExtension, parameters: {target: states.txt}}}\n"
        try write("config: {name: rules}\n\(recorder)tasks:\n\(tasks)", to: "job.yaml")
    }
}
