import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The file in which a command leaves what it publishes, for a command that runs in the process of its task. It is in memory
/// and has no name that would outlive it.
struct OutputFile {
    private let descriptor: OwnedDescriptor

    init() throws(CommandFailure) {
        do throws(Errno) {
            descriptor = try OwnedDescriptor(inMemory: "flowmancer output")
        } catch {
            throw CommandFailure(.noStream, reason: error.rawValue)
        }
    }

    /// The variable by which the command finds the file.
    var environment: [String: String] {
        [TaskOutputs.environmentVariable: "/proc/\(getpid())/fd/\(descriptor.rawValue)"]
    }

    /// Reads what the command left.
    func outputs() throws -> TaskOutputs {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_size > 0 else { return TaskOutputs() }
        let size = Int(status.st_size)
        guard size <= TaskOutputs.maximumLength else { throw OutputError.tooLarge(size) }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = pread(descriptor.rawValue, buffer.baseAddress! + count, size - count, off_t(count))
                if result <= 0 { break }
                count += result
            }
        }
        return try TaskOutputs(fileOf: bytes)
    }
}
