import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

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
        guard let old = FileSystem.status(of: recorded) else {
            self = [.noSuchFileOrDirectory, .notDirectory].contains(Errno.current) ? .missing : .different
            return
        }
        guard old.st_mode & S_IFMT == S_IFREG else {
            self = .missing
            return
        }
        guard let new = FileSystem.status(of: present) else {
            self = .different
            return
        }
        if FileIdentity(old) == FileIdentity(new) {
            self = .sameFile
        } else {
            let text = old.st_size == new.st_size ? Self.text(of: recorded) : nil
            self = text != nil && text == Self.text(of: present) ? .sameText : .different
        }
    }

    /// - Returns: `nil` if the file cannot be read.
    private static func text(of path: String) -> [UInt8]? {
        guard let file = path.withSystemText({ fopen($0, "re") }) else { return nil }
        defer { fclose(file) }
        var text: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&part, 1, part.count, file), count > 0 { text += part[..<count] }
        return ferror(file) == 0 ? text : nil
    }
}
