import Glibc
import SystemPackage

/// Removes the log files of runs that are long over.
///
/// Only regular files that end in `.log`, directly in directories that are named as ``RunDirectory`` names them, are
/// removed, and then such directories if nothing is left in them. No symbolic link is followed.
package struct LogRetention {
    /// The directory that holds the directories of the runs.
    package var base: String
    /// Files that were last written earlier than this are removed; in seconds since 1970.
    package var cutoff: Int

    package init(base: String, cutoff: Int) {
        self.base = base
        self.cutoff = cutoff
    }

    /// Removes what is too old, except in one directory.
    ///
    /// - Parameter current: The name of the directory of the run that asks.
    /// - Throws: The first error, after everything else was removed.
    package func apply(except current: String) throws {
        var first: FileError?
        do throws(Errno) {
            let directory = try OwnedDescriptor(base, O_RDONLY | O_DIRECTORY)
            for name in try FileSystem.entries(of: directory) where name != current && isOfOldRun(name) {
                do throws(FileError) { try clean(name, in: directory) } catch { first = first ?? error }
            }
        } catch {
            throw FileError("look for old logs in", base, error, setting: "base_log_dir")
        }
        if let first { throw first }
    }

    /// A run that began after the cutoff has no older files: its directory need not be read.
    private func isOfOldRun(_ name: String) -> Bool {
        // A day more, since the name does not say which time zone it means.
        RunDirectory.time(from: name).map { $0.secondsSince1970 < cutoff + 86_400 } ?? false
    }

    private func clean(_ name: String, in parent: OwnedDescriptor) throws(FileError) {
        guard let status = FileSystem.status(of: name, in: parent), status.st_mode & S_IFMT == S_IFDIR else { return }
        var isTouched = status.st_mtim.tv_sec < cutoff
        do throws(Errno) {
            let directory = try OwnedDescriptor(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: parent)
            for file in try FileSystem.entries(of: directory) where file.hasSuffix(".log") {
                guard let status = FileSystem.status(of: file, in: directory),
                    status.st_mode & S_IFMT == S_IFREG, status.st_mtim.tv_sec < cutoff
                else { continue }
                guard FileSystem.remove(file, in: directory) == 0 || Errno.current == .noSuchFileOrDirectory else {
                    throw Errno.current
                }
                isTouched = true
            }
        } catch {
            throw FileError("remove old logs from", "\(base)/\(name)", error, setting: "base_log_dir")
        }
        // An empty directory that is new belongs to a run that has just begun. One that is not empty stays.
        if isTouched { FileSystem.remove(name, in: parent, isDirectory: true) }
    }
}
