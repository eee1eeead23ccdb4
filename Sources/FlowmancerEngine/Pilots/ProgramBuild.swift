import FlowmancerSystem
import Glibc
import SystemPackage

/// What tells a build of this program from all others.
package enum ProgramBuild {
    /// The size of the file that this process runs, when it was written, and a checksum of its beginning. A copy has the
    /// same if it keeps the time, as `cp -p` does.
    ///
    /// - Throws: `Errno` if the file cannot be read.
    package static func current() throws -> String {
        // The file that runs, also if another one has its name by now.
        let file = try FileDescriptor.open("/proc/self/exe", .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            var status = stat()
            guard fstat(file.rawValue, &status) == 0 else { throw Errno.current }
            var start = [UInt8](repeating: 0, count: 1 << 16)
            let count = try start.withUnsafeMutableBytes { try file.read(into: $0) }
            let checksum = String(CRC32C.checksum(start, 0..<count), radix: 16)
            return "\(status.st_size)-\(status.st_mtim.tv_sec)-\(checksum)"
        }
    }
}
