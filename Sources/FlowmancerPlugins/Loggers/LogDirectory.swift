import FlowmancerSystem
import Glibc
import SystemPackage

/// The directory of a run's log files.
///
/// It is held open: whatever is put in its place while the run goes on, a symbolic link for instance, gets no lines. It is
/// marked and locked, so that no other run removes it as an old one.
///
/// Not sendable: it belongs to one ``FileLogger``.
package final class LogDirectory {
    package let path: String
    private var descriptor: OwnedDescriptor?
    private var mark: RunMark?

    init(path: String) {
        self.path = path
    }

    /// Marks the directory, which is new, as that of a run that is under way. One that cannot be marked is used without: no
    /// run removes it then.
    ///
    /// - Returns: Whether it is still there.
    func claim() -> Bool {
        do throws(Errno) {
            mark = try RunMark.create(in: usableDescriptor())
            return mark != nil
        } catch {
            return true
        }
    }

    /// Opens a file of the directory to append to, or creates it. No symbolic link is followed.
    func open(_ name: String) throws(Errno) -> OwnedDescriptor {
        do throws(Errno) {
            return try openFile(name, in: usableDescriptor())
        } catch .noSuchFileOrDirectory {
            // Somebody removed the directory.
            try FileSystem.createDirectories(path)
            descriptor = nil
            _ = claim()
            return try openFile(name, in: usableDescriptor())
        } catch {
            throw error
        }
    }

    /// Closes the directory at the end of the run; it is opened again when a file is.
    package func close() {
        mark?.noteEnd()
        mark = nil
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
