import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The directory of what pilots of a run need.
///
/// The engine has a lock in it as long as it lives. So the next engine knows which pilots nobody waits for any more.
final class PilotDirectory: Sendable {
    private let path: String
    /// Is closed, and the lock with it, when the process ends.
    private let lock: OwnedDescriptor

    private static let lockName = "engine"

    /// Makes the directory of a run.
    ///
    /// - Parameters:
    ///   - root: The app root.
    ///   - job: The name of the job.
    /// - Throws: `Errno` if that is not possible.
    init(root: String, job: String, run: RunID) throws(Errno) {
        let runs = Self.runs(of: job, root: root)
        path = "\(runs)/\(run)"
        lock = try Self.makeLocked(path)
        for other in Self.entries(of: runs) where other != "\(run)" { Self.removeIfUnused("\(runs)/\(other)") }
    }

    /// Makes a directory with a lock in it. Another engine that tidies up may take it away in between.
    private static func makeLocked(_ path: String) throws(Errno) -> OwnedDescriptor {
        let name = "\(path)/\(lockName)"
        while true {
            try FileSystem.createDirectories(path, mode: 0o700)
            do throws(Errno) {
                let lock = try OwnedDescriptor(name, O_RDWR | O_CREAT, mode: 0o600)
                while flock(lock.rawValue, LOCK_EX) != 0 { if errno != EINTR { throw Errno.current } }
                if FileIdentity(of: lock.rawValue) == FileIdentity(of: name) { return lock }
            } catch {
                if error != .noSuchFileOrDirectory { throw error }
            }
        }
    }

    /// Removes the directory of a run whose engine was killed before it had anything for pilots, or after.
    private static func removeIfUnused(_ run: String) {
        guard let lock = try? OwnedDescriptor("\(run)/\(lockName)", O_RDWR) else {
            rmdir(run)
            return
        }
        // Its engine, should it have just begun, makes another one once it has the lock.
        withExtendedLifetime(lock) {
            if flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0 { removeIfEmpty(run) }
        }
    }

    /// Removes the directory of a run in which nothing but the lock is. Its engine is gone, or calls this.
    private static func removeIfEmpty(_ run: String) {
        guard entries(of: run) == [lockName] else { return }
        _ = FileSystem.unlink("\(run)/\(lockName)")
        rmdir(run)
    }

    private static func runs(of job: String, root: String) -> String {
        "\(root)/.flowmancer/pilots/\(FileName.encode(job))"
    }

    /// Makes the directory of an executor.
    func make(_ executor: String) throws(Errno) -> String {
        let directory = "\(path)/\(FileName.encode(executor))"
        try FileSystem.createDirectories(directory, mode: 0o700)
        return directory
    }

    /// The directories that an executor has of runs of the job whose engines are gone.
    func leftovers(of executor: String) -> [String] {
        let runs = FilePath(path).removingLastComponent().string
        return Self.entries(of: runs).compactMap { run in
            let other = "\(runs)/\(run)"
            let directory = "\(other)/\(FileName.encode(executor))"
            guard other != path, FileSystem.status(of: directory) != nil, Self.isAbandoned(other) else { return nil }
            return directory
        }
    }

    private static func isAbandoned(_ run: String) -> Bool {
        guard let lock = try? OwnedDescriptor("\(run)/\(lockName)", O_RDWR) else { return true }
        return flock(lock.rawValue, LOCK_EX | LOCK_NB) == 0
    }

    private static func entries(of directory: String) -> [String] {
        guard let opened = try? OwnedDescriptor(directory, O_RDONLY | O_DIRECTORY) else { return [] }
        return ((try? FileSystem.entries(of: opened)) ?? []).sorted()
    }

    /// Removes the directory of an executor with what is in it, and that of its run if nothing else is there.
    static func remove(_ directory: String) {
        guard let opened = try? OwnedDescriptor(directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW) else {
            return
        }
        for name in (try? FileSystem.entries(of: opened)) ?? [] { _ = FileSystem.remove(name, in: opened) }
        rmdir(directory)
        let run = FilePath(directory).removingLastComponent().string
        removeIfEmpty(run)
        // Unless others are there.
        rmdir(FilePath(run).removingLastComponent().string)
    }
}
