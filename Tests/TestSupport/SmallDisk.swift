import Glibc

/// A file system of its own, which a test can fill; only root may mount one.
package struct SmallDisk: ~Copyable {
    package let directory: TemporaryDirectory

    package init?(bytes: Int) throws {
        directory = try TemporaryDirectory()
        guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(bytes)") == 0 else {
            print("skipped: a small file system cannot be mounted here: \(String(cString: strerror(errno)))")
            return nil
        }
    }

    deinit {
        umount2(directory.path, Int32(MNT_DETACH))
    }

    package func fill() {
        let file = open("\(directory.path)/filler", O_WRONLY | O_CREAT, 0o600)
        let block = [UInt8](repeating: 0, count: 512)
        while write(file, block, block.count) > 0 {}
        close(file)
    }

    package func makeRoom() {
        unlink("\(directory.path)/filler")
    }
}
