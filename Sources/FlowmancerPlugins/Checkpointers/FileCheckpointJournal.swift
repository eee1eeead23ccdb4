package import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// The part of a checkpoint file behind its first line, while a run appends to it.
package final class FileCheckpointJournal: CheckpointJournal {
    /// A journal shorter than this is never worth being started anew.
    package static let minimumSizeForCompaction = 16 << 20

    private struct State {
        /// `nil` after the journal was closed.
        var file: OwnedDescriptor?
        /// Until the first synchronisation: the file's name has to become durable, too.
        var directory: OwnedDescriptor?
        var batches: AppendedBatches
        /// The checksum of the last complete line.
        var checksum: UInt32
        /// Why a synchronisation failed: the system may have thrown the data away, and says so only once.
        var synchronizationFailure: Errno?
        var buffer: [UInt8] = []
    }

    private let path: String
    private let headerSize: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - headerSize: The length of the first line.
    ///   - checksum: Its checksum.
    init(path: String, file: OwnedDescriptor, directory: OwnedDescriptor, headerSize: Int, checksum: UInt32) {
        self.path = path
        self.headerSize = headerSize
        let batches = AppendedBatches(length: headerSize)
        state = Mutex(State(file: file, directory: directory, batches: batches, checksum: checksum))
    }

    /// Appends entries in one write.
    ///
    /// - Throws: ``FileError`` if the system did not take all of them. None of them is recorded then, and the next call
    ///   works again if the cause is gone.
    package func append(_ entries: [JournalEntry]) throws {
        guard !entries.isEmpty else { return }
        try state.withLock { state throws(FileError) in
            guard let file = state.file else { throw failure(.badFileDescriptor) }
            state.buffer.removeAll(keepingCapacity: state.buffer.capacity < 1 << 20)
            var checksum = state.checksum
            for entry in entries { CheckpointEncoder.append(entry, to: &state.buffer, continuing: &checksum) }
            FaultPoint.pass("journal.write")
            FaultPoint.pass("journal.half-written") {
                _ = state.buffer.prefix(state.buffer.count / 2).withUnsafeBytes(file.write)
            }
            do throws(Errno) {
                try state.batches.append(state.buffer, to: file)
            } catch {
                throw failure(error)
            }
            FaultPoint.pass("journal.written")
            state.checksum = checksum
        }
    }

    /// Waits until the disk has everything that was appended before the call.
    ///
    /// Other threads may append to the journal and close it meanwhile. After a failure every further call fails, too,
    /// until the journal is started anew: what the system gave up once it does not write later.
    package func synchronize() throws {
        let (file, directory) = try state.withLock { state throws(FileError) in
            if let reason = state.synchronizationFailure { throw failure(reason) }
            return (state.file, state.directory)
        }
        guard let file else { return }
        do throws(Errno) {
            guard fdatasync(file.rawValue) == 0 else { throw .current }
            // In a file that somebody removed it would be found by nobody.
            guard FileSystem.status(of: path) != nil else { throw .current }
            if let directory { guard fsync(directory.rawValue) == 0 else { throw .current } }
            FaultPoint.pass("journal.synchronized")
            state.withLock { $0.directory = nil }
        } catch {
            state.withLock { $0.synchronizationFailure = error }
            throw failure(error)
        }
    }

    package var isDueForCompaction: Bool {
        state.withLock { state in
            state.synchronizationFailure != nil
                || state.batches.length - headerSize > max(Self.minimumSizeForCompaction, 4 * headerSize)
        }
    }

    /// Ends the use of the journal; a synchronisation that is under way still ends.
    package func close() throws {
        state.withLock { state in
            state.file = nil
            state.directory = nil
        }
    }

    private func failure(_ reason: Errno) -> FileError {
        FileError("write the checkpoint", path, reason, setting: "checkpoint_dir")
    }
}
