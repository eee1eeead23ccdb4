import Glibc
import SystemPackage

/// The directory of a run's log files.
///
/// It is held open: whatever is put in its place while the run goes on, a symbolic link for instance, gets no lines.
///
/// Not sendable: it belongs to one ``FileLogger``.
final class LogDirectory {
    let path: String
    private var descriptor: OwnedDescriptor?

    init(path: String) {
        self.path = path
    }

    /// Opens a file of the directory to append to, or creates it. No symbolic link is followed.
    func open(_ name: String) throws(Errno) -> OwnedDescriptor {
        do throws(Errno) {
            return try openFile(name, in: usableDescriptor())
        } catch .noSuchFileOrDirectory {
            // Somebody removed the directory.
            try FileSystem.createDirectories(path)
            descriptor = nil
            return try openFile(name, in: usableDescriptor())
        } catch {
            throw error
        }
    }

    /// Closes the directory; it is opened again when a file is.
    func close() {
        descriptor = nil
    }

    private func openFile(_ name: String, in directory: OwnedDescriptor) throws(Errno) -> OwnedDescriptor {
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK
        return try OwnedDescriptor(name, flags, mode: 0o666, in: directory)
    }

    private func usableDescriptor() throws(Errno) -> OwnedDescriptor {
        if let descriptor { return descriptor }
        let result = try OwnedDescriptor(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        descriptor = result
        return result
    }
}
