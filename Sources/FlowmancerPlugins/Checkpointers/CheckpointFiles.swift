import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// Where the checkpoint of one job is, and how it is read and replaced.
struct CheckpointFiles {
    /// A checkpoint larger than this is not read: nothing that Flowmancer wrote is.
    private static let maximumSize = 4 << 30

    let directory: String
    private let encodedName: String
    private let name: String

    init(directory: String, name: String) {
        self.directory = directory
        self.name = name
        encodedName = FileName.encode(name)
    }

    private var checkpointName: String { "\(encodedName).checkpoint" }
    var lockName: String { "\(encodedName).lock" }
    /// How the names of unfinished files begin. An encoded name never has a leading dot or `%t`, so that no job's
    /// unfinished files are taken for those of another.
    private var temporaryPrefix: String { ".\(encodedName)%tmp-" }

    var checkpointPath: String { "\(directory)/\(checkpointName)" }
    var lockPath: String { "\(directory)/\(lockName)" }

    func failure(_ action: String, _ path: String, _ reason: Errno) -> FileError {
        FileError(action, path, reason, setting: "checkpoint_dir")
    }

    /// Opens the directory, and creates it, private to the user, if it is missing.
    func openDirectory() throws(FileError) -> OwnedDescriptor {
        do throws(Errno) {
            try FileSystem.createDirectories(directory, mode: 0o700)
            return try OwnedDescriptor(directory, O_RDONLY | O_DIRECTORY)
        } catch {
            throw failure("create the checkpoint directory", directory, error)
        }
    }

    // MARK: Reading

    /// Reads the whole checkpoint.
    ///
    /// - Throws: ``NoCheckpointAvailableError``, ``CheckpointDamagedError`` or ``FileError``.
    func read() throws -> CheckpointContents {
        do {
            let file = try OwnedDescriptor(checkpointPath, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status()
            guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.maximumSize else {
                throw CheckpointDamagedError(.foreign, path: checkpointPath, line: 0)
            }
            file.makePrivate(status)
            let bytes = try file.read(upTo: Int(status.st_size))
            return try CheckpointDecoder.decode(bytes, path: checkpointPath, name: name)
        } catch Errno.noSuchFileOrDirectory {
            throw NoCheckpointAvailableError(name)
        } catch let reason as Errno {
            throw failure("read the checkpoint", checkpointPath, reason)
        }
    }

    // MARK: Writing

    /// Replaces the checkpoint: whoever reads it, also after a crash, finds the old one or the new one, whole.
    ///
    /// What is there already is never given up for something that the disk does not have yet. Where nothing is there,
    /// nothing can be lost, and only `isDurable` costs the wait for the disk.
    ///
    /// - Parameters:
    ///   - header: The first line.
    ///   - isDurable: Whether the new checkpoint is to survive a power failure from now on.
    /// - Returns: The new file, to append to, and its directory.
    func replace(
        with header: [UInt8],
        isDurable: Bool
    ) throws(FileError) -> (file: OwnedDescriptor, directory: OwnedDescriptor) {
        let directory = try openDirectory()
        let temporary = "\(temporaryPrefix)\(getpid())-\(Self.counter.add(1, ordering: .relaxed).newValue)"
        do throws(Errno) {
            FaultPoint.pass("checkpoint.write")
            let file = try create(temporary, header, in: directory)
            FaultPoint.pass("checkpoint.written")
            do throws(Errno) {
                if isDurable || FileSystem.status(of: checkpointName, in: directory) != nil {
                    guard fsync(file.rawValue) == 0 else { throw .current }
                    FaultPoint.pass("checkpoint.synchronized")
                }
                guard FileSystem.rename(temporary, to: checkpointName, in: directory) == 0 else {
                    throw .current
                }
            } catch {
                FileSystem.remove(temporary, in: directory)
                throw error
            }
            FaultPoint.pass("checkpoint.renamed")
            if isDurable { guard fsync(directory.rawValue) == 0 else { throw .current } }
            FaultPoint.pass("checkpoint.replaced")
            return (file, directory)
        } catch {
            throw failure("write the checkpoint", checkpointPath, error)
        }
    }

    private func create(
        _ name: String,
        _ header: [UInt8],
        in directory: OwnedDescriptor
    ) throws(Errno) -> OwnedDescriptor {
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW
        let file = try OwnedDescriptor(name, flags, mode: 0o600, in: directory)
        FaultPoint.pass("checkpoint.created")
        FaultPoint.pass("checkpoint.half-written") {
            _ = header.prefix(header.count / 2).withUnsafeBytes(file.write)
        }
        if let failure = header.withUnsafeBytes(file.write).failure {
            FileSystem.remove(name, in: directory)
            throw failure
        }
        return file
    }

    /// Tells the unfinished files of one process apart.
    private static let counter = Atomic<Int>(0)

    /// Removes the checkpoint if there is one.
    func remove() throws(FileError) {
        FaultPoint.pass("checkpoint.remove")
        guard FileSystem.unlink(checkpointPath) != 0 else { return FaultPoint.pass("checkpoint.removed") }
        let reason = Errno.current
        if reason != .noSuchFileOrDirectory { throw failure("remove the checkpoint", checkpointPath, reason) }
    }

    /// Removes what crashed runs left unfinished; only the holder of the lock may do so.
    func removeUnfinishedFiles(in directory: OwnedDescriptor) {
        guard let names = try? FileSystem.entries(of: directory) else { return }
        for name in names where name.hasPrefix(temporaryPrefix) {
            FileSystem.remove(name, in: directory)
        }
    }
}
