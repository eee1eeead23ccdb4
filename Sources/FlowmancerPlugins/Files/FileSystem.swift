import Glibc
package import SystemPackage

/// What the plug-ins need of directories.
package enum FileSystem {
    /// Returns a path that means the same whatever the working directory becomes.
    package static func absolutePath(_ path: String) -> String {
        guard !path.hasPrefix("/"), let buffer = getcwd(nil, 0) else { return path }
        defer { free(buffer) }
        return String(cString: buffer) + "/" + (path.hasPrefix("./") ? path.dropFirst(2) : path[...])
    }

    /// Returns whether a path is one of the links that the system has for what a process has open. They are meant to be
    /// written through; other links may have been planted.
    static func isLinkToOpenFile(_ path: String) -> Bool {
        ["/dev/stdout", "/dev/stderr"].contains(path) || path.hasPrefix("/dev/fd/") || path.hasPrefix("/proc/")
    }

    /// Creates a directory unless it exists, with the directories that lead to it.
    ///
    /// - Parameters:
    ///   - path: The directory.
    ///   - mode: The permissions of the last directory, before the umask.
    package static func createDirectories(_ path: String, mode: UInt32 = 0o777) throws(Errno) {
        // The system would take what is before the NUL for the path.
        guard !path.utf8.contains(0) else { throw .invalidArgument }
        guard mkdir(path, mode) != 0 else { return }
        switch Errno.current {
        case .fileExists:
            var status = stat()
            guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { throw .fileExists }
        case .noSuchFileOrDirectory:
            let parent = FilePath(path).removingLastComponent().string
            guard !parent.isEmpty, parent != path else { throw .noSuchFileOrDirectory }
            try createDirectories(parent)
            // Somebody else may have been faster; that is as good.
            if mkdir(path, mode) != 0, Errno.current != .fileExists { throw Errno.current }
        case let reason:
            throw reason
        }
    }

    /// Returns the names of a directory's entries, in no particular order.
    static func entries(of directory: OwnedDescriptor) throws(Errno) -> [String] {
        let own = openat(directory.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard own >= 0 else { throw Errno.current }
        guard let stream = fdopendir(own) else {
            let reason = Errno.current
            close(own)
            throw reason
        }
        defer { closedir(stream) }
        var names: [String] = []
        guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
        while let entry = readdir(stream) {
            // The record may be shorter than its type: only the bytes up to the name's end are read.
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let name = String(cString: start)
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Returns what an entry of a directory is, without following a symbolic link; `nil` if there is none.
    static func status(of name: String, in directory: OwnedDescriptor) -> stat? {
        var result = stat()
        return fstatat(directory.rawValue, name, &result, AT_SYMLINK_NOFOLLOW) == 0 ? result : nil
    }
}
