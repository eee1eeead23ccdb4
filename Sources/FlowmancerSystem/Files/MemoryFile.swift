import CFlowmancerSystem
import Glibc
package import SystemPackage

/// A file in memory. Other processes of the user read it by its path, as long as somebody in this process keeps it.
///
/// Writing it never waits for a disk, and nothing is left of it, however this process ends.
package final class MemoryFile: Sendable {
    private let descriptor: OwnedDescriptor

    /// - Parameter name: A name for people who look at the open files of this process.
    package init(_ name: String, _ bytes: [UInt8]) throws(Errno) {
        let result = flowmancer_memory_file(name)
        guard result >= 0 else { throw .current }
        descriptor = OwnedDescriptor(rawValue: result)
        let (_, failure) = bytes.withUnsafeBytes(descriptor.write)
        if let failure { throw failure }
    }

    /// The path by which programs open it.
    package var path: String { "/proc/\(getpid())/fd/\(descriptor.rawValue)" }
}
