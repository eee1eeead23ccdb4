import FlowmancerCore
package import Glibc
package import SystemPackage

/// Paths and directories.
package enum FileSystem {
    /// Returns a path that means the same whatever the working directory becomes.
    package static func absolutePath(_ path: String) -> String {
        guard !path.isAbsolutePath, let directory = currentDirectory else { return path }
        return directory + "/" + (path.hasPrefix("./") ? path.dropFirst(2) : path[...])
    }

    /// The working directory; `nil` if it was removed.
    package static var currentDirectory: String? {
        guard let buffer = getcwd(nil, 0) else { return nil }
        defer { free(buffer) }
        return String(systemText: buffer)
    }

    /// Returns the absolute path of what a path leads to, without symbolic links; `nil`, with `errno`, if there is nothing.
    package static func canonicalPath(_ path: String) -> String? {
        guard let buffer = path.withSystemText({ realpath($0, nil) }) else { return nil }
        defer { free(buffer) }
        return String(systemText: buffer)
    }

    /// Returns what a path leads to; `nil`, with `errno`, if there is nothing.
    package static func status(of path: String) -> stat? {
        var result = stat()
        return path.withSystemText { stat($0, &result) } == 0 ? result : nil
    }

    /// Returns what a path names, which may be a symbolic link; `nil`, with `errno`, if there is nothing.
    package static func linkStatus(of path: String) -> stat? {
        var result = stat()
        return path.withSystemText { lstat($0, &result) } == 0 ? result : nil
    }

    /// Returns whether a path is one of the links that the system has for what a process has open. They are meant to be
    /// written through; other links may have been planted.
    package static func isLinkToOpenFile(_ path: String) -> Bool {
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
        guard makeDirectory(path, mode) != 0 else { return }
        switch Errno.current {
        case .fileExists:
            guard let status = status(of: path), status.st_mode & S_IFMT == S_IFDIR else { throw .fileExists }
        case .noSuchFileOrDirectory:
            let parent = FilePath(path).removingLastComponent().string
            guard !parent.isEmpty, parent != path else { throw .noSuchFileOrDirectory }
            try createDirectories(parent)
            // Somebody else may have been faster; that is as good.
            if makeDirectory(path, mode) != 0, Errno.current != .fileExists { throw Errno.current }
        case let reason:
            throw reason
        }
    }

    /// Returns the names of a directory's entries, in no particular order.
    package static func entries(of directory: OwnedDescriptor) throws(Errno) -> [String] {
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
            let name = String(systemText: start)
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Returns what an entry of a directory is, without following a symbolic link; `nil` if there is none.
    package static func status(of name: String, in directory: OwnedDescriptor) -> stat? {
        var result = stat()
        let code = name.withSystemText { fstatat(directory.rawValue, $0, &result, AT_SYMLINK_NOFOLLOW) }
        return code == 0 ? result : nil
    }

    /// Returns what a path leads to, or what stands there, seen from a directory; `nil`, with `errno`, if there is nothing.
    ///
    /// - Parameter follows: Whether a symbolic link at the end of the path is followed.
    package static func status(of path: String, following follows: Bool, in directory: OwnedDescriptor) -> stat? {
        var result = stat()
        let flags = follows ? 0 : AT_SYMLINK_NOFOLLOW
        let code = path.withSystemText { fstatat(directory.rawValue, $0, &result, flags) }
        return code == 0 ? result : nil
    }

    /// Returns the text of a symbolic link, seen from a directory; `nil` if there is none.
    package static func text(ofLink path: String, in directory: OwnedDescriptor) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        let count = path.withSystemText { readlinkat(directory.rawValue, $0, &buffer, Int(PATH_MAX)) }
        return count >= 0 ? String(systemText: buffer) : nil
    }

    /// rename(2).
    package static func rename(_ path: String, to target: String) -> Int32 {
        path.withSystemText { path in target.withSystemText { Glibc.rename(path, $0) } }
    }

    /// unlink(2).
    @discardableResult
    package static func unlink(_ path: String) -> Int32 {
        path.withSystemText { Glibc.unlink($0) }
    }

    /// Renames an entry of a directory.
    ///
    /// - Returns: 0, or -1 with `errno`.
    package static func rename(_ name: String, to target: String, in directory: OwnedDescriptor) -> Int32 {
        name.withSystemText { name in
            target.withSystemText { renameat(directory.rawValue, name, directory.rawValue, $0) }
        }
    }

    /// Removes an entry of a directory: a file, or an empty directory.
    ///
    /// - Returns: 0, or -1 with `errno`.
    @discardableResult
    package static func remove(_ name: String, in directory: OwnedDescriptor, isDirectory: Bool = false) -> Int32 {
        name.withSystemText { unlinkat(directory.rawValue, $0, isDirectory ? AT_REMOVEDIR : 0) }
    }

    /// mkdir(2), of the directory alone.
    package static func makeDirectory(_ path: String, _ mode: UInt32 = 0o777) -> Int32 {
        path.withSystemText { mkdir($0, mode) }
    }
}
