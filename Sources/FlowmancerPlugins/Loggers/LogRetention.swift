import FlowmancerSystem
import Glibc
import SystemPackage

/// Removes the log files of runs that have been over for long.
///
/// Only directories that are named as ``RunDirectory`` names them, that have its mark, and whose run is over are looked
/// at. In them, regular files that end in `.log` are removed, and then the directories themselves if nothing else is left.
/// No symbolic link is followed.
package struct LogRetention {
    /// The directory that holds the directories of the runs.
    package var base: String
    /// Logs of runs that ended earlier than this are removed; in seconds since 1970.
    package var cutoff: Int

    package init(base: String, cutoff: Int) {
        self.base = base
        self.cutoff = cutoff
    }

    /// Removes what is too old.
    ///
    /// - Throws: The first error, after everything else was removed.
    package func apply() throws {
        var first: FileError?
        do throws(Errno) {
            let directory = try OwnedDescriptor(base, O_RDONLY | O_DIRECTORY)
            for name in try FileSystem.entries(of: directory) where isOfOldRun(name) {
                do throws(FileError) { try clean(name, in: directory) } catch { first = first ?? error }
            }
        } catch {
            throw FileError("look for old logs in", base, error, setting: "base_log_dir")
        }
        if let first { throw first }
    }

    /// A run that began after the cutoff has not ended before it: its directory need not be read.
    private func isOfOldRun(_ name: String) -> Bool {
        // A day more, since the name does not say which time zone it means.
        RunDirectory.time(from: name).map { $0.secondsSince1970 < cutoff + 86_400 } ?? false
    }

    private func clean(_ name: String, in parent: OwnedDescriptor) throws(FileError) {
        guard let status = FileSystem.status(of: name, in: parent), status.st_mode & S_IFMT == S_IFDIR else { return }
        do throws(Errno) {
            let directory = try OwnedDescriptor(name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: parent)
            // Held until the end: no run can take the directory for its own meanwhile.
            guard let mark = RunMark.takeOver(directory) else { return }
            let entries = try FileSystem.entries(of: directory)
            let logs = entries.compactMap { Log($0, in: directory) }
            // A run that was killed did not note its end; its last line did.
            guard try logs.reduce(mark.time(), { max($0, $1.time) }) < cutoff else { return }
            for log in logs { try remove(log.name, from: directory) }
            guard entries.count == logs.count + 1 else { return }
            try remove(RunMark.name, from: directory)
            // It stays if somebody has put something in it.
            FileSystem.remove(name, in: parent, isDirectory: true)
        } catch {
            throw FileError("remove old logs from", "\(base)/\(name)", error, setting: "base_log_dir")
        }
    }

    private func remove(_ file: String, from directory: OwnedDescriptor) throws(Errno) {
        if FileSystem.remove(file, in: directory) != 0, Errno.current != .noSuchFileOrDirectory { throw Errno.current }
    }

    private struct Log {
        let name: String
        /// When it was last written, in seconds since 1970.
        let time: Int

        init?(_ name: String, in directory: OwnedDescriptor) {
            guard name.hasSuffix(".log"), let status = FileSystem.status(of: name, in: directory),
                status.st_mode & S_IFMT == S_IFREG
            else { return nil }
            self.name = name
            time = status.st_mtim.tv_sec
        }
    }
}
