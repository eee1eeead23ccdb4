import FlowmancerJobFile
import FlowmancerSystem
import Glibc

/// The path by which a checkpoint remembers the job file.
enum JobFileIdentity {
    /// Returns the absolute path of a job file; `nil` if it is a pipe, say, which nothing could be compared with later.
    ///
    /// The path keeps its symbolic links: a link such as `/srv/app/current` is the same place after every deployment.
    static func path(of file: String) -> String? {
        guard file != StandardInput.argument, let status = FileSystem.status(of: file),
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        if file.isAbsolutePath { return file }
        guard let directory = StartDirectory.settle() else { return nil }
        let steps = file.split(separator: "/").drop { $0 == "." }
        return ([directory] + steps.map(String.init)).joined(separator: "/")
    }
}
