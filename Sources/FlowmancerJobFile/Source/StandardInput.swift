import FlowmancerCore
import FlowmancerSystem
import Glibc

/// The standard input in the place of a job file.
package enum StandardInput {
    /// What the command line gives for it.
    package static let argument = "-"
    /// What messages call it.
    package static let name = "<standard input>"

    /// The path of the file that the standard input was redirected from; `nil` if it is a pipe, say, or was removed.
    package static var file: String? {
        guard let path = FileSystem.canonicalPath("/proc/self/fd/0") else { return nil }
        var status = stat()
        guard fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFREG, FileIdentity(of: path) == FileIdentity(status)
        else { return nil }
        return path
    }

    /// Returns what messages call a job file.
    package static func name(of path: String) -> String { path == argument ? name : path }
}
