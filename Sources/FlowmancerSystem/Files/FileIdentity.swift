package import Glibc

/// What tells a file, or whatever else a path or a descriptor leads to, from all others, however it is reached.
package struct FileIdentity: Sendable, Hashable {
    private let device: dev_t
    private let inode: ino_t

    package init(_ status: stat) {
        (device, inode) = (status.st_dev, status.st_ino)
    }

    /// - Returns: `nil`, with `errno`, if the path leads to nothing.
    package init?(of path: String) {
        guard let status = FileSystem.status(of: path) else { return nil }
        self.init(status)
    }

    /// - Returns: `nil`, with `errno`, if the descriptor is not open.
    package init?(of descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }
}
