import Glibc
package import SystemPackage

/// A file in memory. Other processes of the user open it by its path, as long as somebody in this process keeps it.
///
/// Writing it never waits for a disk, and nothing is left of it, however this process ends.
package final class MemoryFile: Sendable {
    private let descriptor: OwnedDescriptor

    /// - Parameter name: A name for people who look at the open files of this process.
    package init(_ name: String, _ bytes: [UInt8] = []) throws(Errno) {
        descriptor = try OwnedDescriptor(inMemory: name)
        let (_, failure) = bytes.withUnsafeBytes(descriptor.write)
        if let failure { throw failure }
    }

    /// How many bytes are in it.
    package var size: Int {
        var status = stat()
        return fstat(descriptor.rawValue, &status) == 0 ? Int(status.st_size) : 0
    }

    /// Returns its first bytes.
    ///
    /// - Parameter size: How many. There are fewer if it has become shorter.
    package func read(_ size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = pread(descriptor.rawValue, buffer.baseAddress! + count, size - count, off_t(count))
                if result < 0, errno == EINTR { continue }
                if result <= 0 { break }
                count += result
            }
        }
    }

    /// The path by which programs open it.
    package var path: String { "/proc/\(getpid())/fd/\(descriptor.rawValue)" }
}
