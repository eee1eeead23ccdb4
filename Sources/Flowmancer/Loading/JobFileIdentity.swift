import FoundationEssentials
import Glibc

/// The path by which a checkpoint remembers the job file.
enum JobFileIdentity {
    /// Returns the absolute path of a job file; `nil` if it is a pipe, say, which nothing could be compared with later.
    ///
    /// The path keeps its symbolic links: a link such as `/srv/app/current` is the same place after every deployment.
    static func path(of file: String) -> String? {
        var status = stat()
        guard file != "-", stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        if file.hasPrefix("/") { return file }
        let steps = file.split(separator: "/").drop { $0 == "." }
        return ([workingDirectory] + steps.map(String.init)).joined(separator: "/")
    }

    /// The working directory as the shell names it, with its symbolic links, if that is still true.
    private static var workingDirectory: String {
        let physical = FileManager.default.currentDirectoryPath
        guard let logical = ProcessInfo.processInfo.environment["PWD"], logical.hasPrefix("/") else { return physical }
        var (named, actual) = (stat(), stat())
        let isSame =
            stat(logical, &named) == 0 && stat(".", &actual) == 0 && named.st_dev == actual.st_dev
            && named.st_ino == actual.st_ino
        return isSame ? logical : physical
    }
}
