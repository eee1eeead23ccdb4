import FlowmancerCore
import Glibc
import SystemPackage

/// What a path leads to when all symbolic links at its end are followed.
struct LinkTarget {
    /// The file, which may be missing, under a name that is no link; its text stands for the system's bytes.
    let path: FilePath
    /// Whether another file may take the name: it is free, or that of a regular file.
    let isReplaceable: Bool

    /// - Throws: `Errno.tooManySymbolicLinkLevels` if the links lead in a circle.
    init(of path: String) throws(Errno) {
        var path = FilePath(path)
        for _ in 0..<Self.maximumDepth {
            guard let status = FileSystem.linkStatus(of: path.string) else {
                let reason = Errno.current
                guard reason == .noSuchFileOrDirectory else { throw reason }
                self.init(path: path, isReplaceable: true)
                return
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                self.init(path: path, isReplaceable: status.st_mode & S_IFMT == S_IFREG)
                return
            }
            // Others write to it, too.
            if FileSystem.isLinkToOpenFile(path.string) {
                self.init(path: path, isReplaceable: false)
                return
            }
            // The system takes a relative link for one from the link's own directory.
            path = path.removingLastComponent().pushing(try Self.text(ofLink: path.string))
        }
        throw .tooManySymbolicLinkLevels
    }

    private init(path: FilePath, isReplaceable: Bool) {
        self.path = path
        self.isReplaceable = isReplaceable
    }

    /// As many links as the system follows.
    private static let maximumDepth = 40

    private static func text(ofLink path: String) throws(Errno) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard path.withSystemText({ readlink($0, &buffer, Int(PATH_MAX)) }) >= 0 else { throw Errno.current }
        return FilePath(String(systemText: buffer))
    }
}
