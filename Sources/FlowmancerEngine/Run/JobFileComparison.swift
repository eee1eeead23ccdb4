import FoundationEssentials
import Glibc

/// How the job file of a checkpoint relates to the present one.
package enum JobFileComparison: Sendable {
    /// Both paths lead to one file.
    case sameFile
    /// There is no job file at the path of the checkpoint any more.
    case missing
    case sameText
    /// Another text, or one that cannot be read.
    case different

    /// Looks at both files.
    package init(_ recorded: String, _ present: String) {
        var (old, new) = (stat(), stat())
        guard stat(recorded, &old) == 0 else {
            self = [ENOENT, ENOTDIR].contains(errno) ? .missing : .different
            return
        }
        guard old.st_mode & S_IFMT == S_IFREG else {
            self = .missing
            return
        }
        guard stat(present, &new) == 0 else {
            self = .different
            return
        }
        if old.st_dev == new.st_dev, old.st_ino == new.st_ino {
            self = .sameFile
        } else {
            let texts = [recorded, present].map { FileManager.default.contents(atPath: $0) }
            self = old.st_size == new.st_size && texts[0] != nil && texts[0] == texts[1] ? .sameText : .different
        }
    }
}
