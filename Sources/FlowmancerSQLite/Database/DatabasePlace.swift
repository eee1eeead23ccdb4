import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Where a database is, and that this place is fit for it.
struct DatabasePlace: Sendable {
    /// The path that the user gave.
    let path: String
    /// What it is used for.
    let use: DatabaseUse

    init(_ path: String, for use: DatabaseUse) throws(SQLiteDatabaseError) {
        self.path = path
        self.use = use
        // The system would take what is before the NUL for the path.
        guard !path.utf8.contains(0), !path.isEmpty, !path.hasSuffix("/") else {
            throw SQLiteDatabaseError(.unusableFile(.invalidArgument), at: self)
        }
    }

    /// Whether there is a file.
    var exists: Bool {
        get throws(SQLiteDatabaseError) {
            if FileSystem.linkStatus(of: path) != nil { return true }
            switch errno {
            case ENOENT: return false
            case let reason: throw SQLiteDatabaseError(.unusableFile(Errno(rawValue: reason)), at: self)
            }
        }
    }

    /// Makes sure that there is a file of the user's own to open, in a directory that is private if it had to be made.
    ///
    /// SQLite would follow a symbolic link, and write into a file that somebody else has linked here. An existing file is
    /// not opened: closing it again would drop the locks that this process has on it by SQLite.
    ///
    /// - Returns: The file's path without links.
    func prepare() throws(SQLiteDatabaseError) -> String {
        do throws(Errno) {
            let file = FilePath(FileSystem.absolutePath(path))
            let directory = file.removingLastComponent().string
            try FileSystem.createDirectories(directory, mode: 0o700)
            guard let resolved = FileSystem.canonicalPath(directory) else { throw Errno.current }
            guard let name = file.lastComponent?.string else { throw .invalidArgument }
            let result = resolved + "/" + name
            // SQLite takes the path as text, which would stand for another file.
            guard !result.holdsSystemBytes else { throw .illegalByteSequence }
            do throws(Errno) {
                _ = try OwnedDescriptor(result, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
            } catch .fileExists {
                try makePrivate(result)
            }
            for suffix in ["-wal", "-shm"] { try makePrivate(result + suffix) }
            return result
        } catch {
            throw SQLiteDatabaseError(.unusableFile(error), at: self)
        }
    }

    /// Makes sure that a file is the user's alone, if there is one: SQLite removes its own when the last user is done.
    private func makePrivate(_ file: String) throws(Errno) {
        guard let status = FileSystem.linkStatus(of: file) else {
            guard errno == ENOENT else { throw Errno.current }
            return
        }
        // It has no name any more if another connection, the last one, removed it at this moment.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else { throw .fileExists }
        if status.st_mode & 0o077 != 0 { chmod(file, status.st_mode & 0o700) }
    }

    /// Where the lock of a job is.
    func lock(for job: String) throws(SQLiteDatabaseError) -> DatabasePlace {
        var digest = StableHash()
        digest.combine(bytes: job.utf8)
        return try DatabasePlace("\(path)-lock-\(digest.hexadecimal)", for: use)
    }

    /// Gives the damaged database another name, so that a new one can take its place.
    func moveAside() throws(SQLiteDatabaseError) {
        let target = path + ".damaged"
        for suffix in ["", "-wal", "-shm"] {
            if rename(path + suffix, target + suffix) != 0, errno != ENOENT {
                throw SQLiteDatabaseError(.unusableFile(Errno.current), at: self)
            }
        }
    }
}
