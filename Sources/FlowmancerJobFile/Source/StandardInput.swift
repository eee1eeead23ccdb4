import FlowmancerCore
import Glibc

/// The standard input in the place of a job file.
package enum StandardInput {
    /// What the command line gives for it.
    package static let argument = "-"
    /// What messages call it.
    package static let name = "<standard input>"

    /// The path of the file that the standard input was redirected from; `nil` if it is a pipe, say, or was removed.
    package static var file: String? {
        guard let resolved = realpath("/proc/self/fd/0", nil) else { return nil }
        defer { free(resolved) }
        var (status, named) = (stat(), stat())
        guard fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFREG, stat(resolved, &named) == 0,
            named.st_dev == status.st_dev, named.st_ino == status.st_ino
        else { return nil }
        return String(systemText: resolved)
    }

    /// Returns what messages call a job file.
    package static func name(of path: String) -> String { path == argument ? name : path }
}
