import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// A lock on the checkpoint of a job, held by a lock on a file.
///
/// The system frees it when the process ends, however it ends. The file says who holds the lock, and is removed with it.
package final class FileCheckpointLock: CheckpointLock {
    private let path: String
    private let file: Mutex<OwnedDescriptor?>

    private init(path: String, file: OwnedDescriptor) {
        self.path = path
        self.file = Mutex(file)
    }

    /// Takes the lock.
    ///
    /// - Parameters:
    ///   - checkpointDirectory: The directory of the checkpoint; it is created if it is missing.
    ///   - name: The name of the job.
    ///   - now: The time that the file tells others, in seconds since 1970.
    ///   - whenOpened: Called whenever the file was opened and not yet locked; tests let others be faster then.
    ///   - whileWaiting: Lets a millisecond pass.
    /// - Throws: `CheckpointLockedError` if another run has the lock, ``FileError`` if locking is not possible.
    package static func acquire(
        in checkpointDirectory: String,
        name: String,
        now: Int,
        whenOpened: () throws -> Void = {},
        whileWaiting: () -> Void = { usleep(1_000) }
    ) throws -> FileCheckpointLock {
        let files = CheckpointFiles(directory: checkpointDirectory, name: name)
        let directory = try files.openDirectory()
        do {
            while true {
                let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK
                let file = try OwnedDescriptor(files.lockName, flags, mode: 0o600, in: directory)
                let status = try file.status()
                // What has another name, too, is somebody's file: it must not be overwritten.
                guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else { throw Errno.fileExists }
                file.makePrivate(status)
                try whenOpened()
                FaultPoint.pass("lock.opened")
                guard try lock(file) || lockAfterDeadHolder(file, whileWaiting) else {
                    throw CheckpointLockedError(name: name, holder: holder(in: file))
                }
                // The holder before may have removed the file after it was opened here: then the lock is on nothing.
                guard let own = try? file.status(), let named = FileSystem.status(of: files.lockName, in: directory),
                    FileIdentity(own) == FileIdentity(named)
                else { continue }
                FaultPoint.pass("lock.taken")
                sign(file, now: now)
                FaultPoint.pass("lock.signed")
                files.removeUnfinishedFiles(in: directory)
                return FileCheckpointLock(path: files.lockPath, file: file)
            }
        } catch let reason as Errno {
            throw files.failure("lock the checkpoint", files.lockPath, reason)
        }
    }

    package func release() {
        file.withLock { file in
            // Removed while it is locked: whoever opened it before sees that it has gone, and makes another one.
            FaultPoint.pass("lock.release")
            if file != nil { FileSystem.unlink(path) }
            FaultPoint.pass("lock.removed")
            file = nil
        }
    }

    /// - Returns: Whether the lock was free.
    private static func lock(_ file: OwnedDescriptor) throws(Errno) -> Bool {
        while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
            switch Errno.current {
            case .wouldBlock: return false
            case .interrupted: continue
            case let reason: throw reason
            }
        }
        return true
    }

    /// Waits for the lock while its holder is dead: a process that it was starting when it died has its open files
    /// until that becomes another program.
    ///
    /// - Returns: Whether the lock became free.
    private static func lockAfterDeadHolder(_ file: OwnedDescriptor, _ wait: () -> Void) throws(Errno) -> Bool {
        for _ in 0..<patienceWithDeadHolder {
            guard let pid = pid(in: holder(in: file)), kill(pid, 0) != 0, Errno.current == .noSuchProcess else {
                return false
            }
            wait()
            if try lock(file) { return true }
        }
        return false
    }

    /// How long the lock of a dead process is waited for, in milliseconds.
    private static let patienceWithDeadHolder = 2_000

    private static func pid(in holder: String) -> pid_t? {
        guard holder.hasPrefix("process ") else { return nil }
        return pid_t(holder.dropFirst("process ".count).prefix { $0.isWholeNumber })
    }

    /// Writes who holds the lock; the lock holds also where that does not succeed.
    private static func sign(_ file: OwnedDescriptor, now: Int) {
        ftruncate(file.rawValue, 0)
        let text = "process \(getpid()), since \(LocalTime(secondsSince1970: now))\n"
        _ = Array(text.utf8).withUnsafeBytes(file.write)
    }

    private static func holder(in file: OwnedDescriptor) -> String {
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = bytes.withUnsafeMutableBytes { pread(file.rawValue, $0.baseAddress, $0.count, 0) }
        let text = String(decoding: bytes.prefix(max(0, count)).prefix { $0 >= 0x20 && $0 < 0x7F }, as: UTF8.self)
        return text.hasPrefix("process ") ? text : "its process is not known"
    }
}
