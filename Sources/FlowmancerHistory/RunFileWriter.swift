import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// Appends the events of a run to its file. The file is locked until it is closed or the process ends.
final class RunFileWriter: RunRecorder {
    private struct State {
        /// `nil` after it was closed.
        var file: OwnedDescriptor?
        var batches: AppendedBatches
        var buffer: [UInt8] = []
    }

    private let path: String
    private let directory: OwnedDescriptor
    private let state: Mutex<State>

    private init(_ path: String, in directory: OwnedDescriptor, _ file: OwnedDescriptor, length: Int) {
        self.path = path
        self.directory = directory
        state = Mutex(State(file: file, batches: AppendedBatches(length: length)))
    }

    /// Creates the file of a run. Nobody sees it before it is locked and has its first lines.
    ///
    /// - Parameter directory: That of the job.
    static func create(
        _ run: RunRecord,
        _ shape: RunShape,
        in directory: OwnedDescriptor,
        path: String
    ) throws(FileError) -> RunFileWriter {
        let (name, temporary) = ("\(run.id)\(RunFiles.ending)", "\(RunFiles.temporaryPrefix)\(run.id)")
        var head: [UInt8] = []
        RunFileFormat.appendHead(run, shape, to: &head)
        do throws(Errno) {
            guard FileSystem.status(of: name, in: directory) == nil else { throw .fileExists }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW
            let file = try OwnedDescriptor(temporary, flags, mode: 0o600, in: directory)
            do throws(Errno) {
                // Where there are no locks, the process of the run shows whether it is under way.
                flock(file.rawValue, LOCK_EX | LOCK_NB)
                FaultPoint.pass("history.created")
                if let failure = head.withUnsafeBytes(file.write).failure { throw failure }
                FaultPoint.pass("history.begin")
                guard FileSystem.rename(temporary, to: name, in: directory) == 0 else { throw .current }
            } catch {
                FileSystem.remove(temporary, in: directory)
                throw error
            }
            FaultPoint.pass("history.begun")
            return RunFileWriter(path, in: directory, file, length: head.count)
        } catch {
            throw FileError("create the file", path, error, setting: "history_dir")
        }
    }

    func append(_ events: [RecordedEvent]) throws {
        try state.withLock { state throws(FileError) in
            guard let file = state.file else { throw failure(.badFileDescriptor) }
            state.buffer.removeAll(keepingCapacity: state.buffer.capacity < 1 << 20)
            for event in events { RunFileFormat.append(event, to: &state.buffer) }
            FaultPoint.pass("history.write")
            FaultPoint.pass("history.half-written") {
                _ = state.buffer.prefix(state.buffer.count / 2).withUnsafeBytes(file.write)
            }
            do throws(Errno) {
                try state.batches.append(state.buffer, to: file)
            } catch {
                throw failure(error)
            }
            FaultPoint.pass("history.written")
        }
    }

    func close() throws {
        guard let file = state.withLock({ $0.file.take() }) else { return }
        FaultPoint.pass("history.close")
        guard fdatasync(file.rawValue) == 0, fsync(directory.rawValue) == 0 else { throw failure(.current) }
        FaultPoint.pass("history.closed")
    }

    private func failure(_ reason: Errno) -> FileError {
        FileError("write the file", path, reason, setting: "history_dir")
    }
}
