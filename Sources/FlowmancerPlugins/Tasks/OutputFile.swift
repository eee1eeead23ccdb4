import FlowmancerCore
import FlowmancerSystem
import SystemPackage

/// The file in which a command leaves what it publishes, for a command that runs in the process of its task.
struct OutputFile {
    private let file: MemoryFile

    init() throws(CommandFailure) {
        do throws(Errno) {
            file = try MemoryFile("flowmancer output")
        } catch {
            throw CommandFailure(.noStream, reason: error.rawValue)
        }
    }

    /// The variable by which the command finds the file.
    var environment: [String: String] { [TaskOutputs.environmentVariable: file.path] }

    /// Reads what the command left.
    func read() throws -> TaskOutputs {
        let size = file.size
        guard size > 0 else { return TaskOutputs() }
        guard size <= TaskOutputs.maximumLength else { throw OutputError.tooLarge(size) }
        return try TaskOutputs(fileOf: file.read(size))
    }
}
