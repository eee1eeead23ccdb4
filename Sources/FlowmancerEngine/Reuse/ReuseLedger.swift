import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// The records of a job, by which its tasks can be reused: a file to which lines are appended. Used from several threads.
///
/// A task that begins to run is noted before it does: from then on, no earlier record of it holds. When it has completed, a
/// line with the record is added. Several runs may append at the same time; each sees what the others have written. What is
/// damaged or was not written whole counts as never written, and so does everything before it, since it may have said that a
/// task began.
final class ReuseLedger: Sendable {
    let directory: OwnedDescriptor
    let name: String
    let isReadOnly: Bool
    private let state: Mutex<State>

    struct State {
        var file: OwnedDescriptor?
        var identity: FileIdentity?
        /// How much of the file was read.
        var offset = 0
        /// Whether the file is of another version: nothing in it is understood.
        var isForeign = false
        var entries: [String: Entry] = [:]
        var lineCount = 0
        /// Whether the disk may not have everything.
        var isDirty = false
        var isSynchronizationDue = false
    }

    struct Entry {
        /// The number of the last beginning.
        var beginning: UInt64
        /// What follows the task's name in the record that belongs to it.
        var record: ArraySlice<UInt8>?
    }

    /// From how many lines on it is worth the while to drop those that no longer count.
    private static let manyLines = 2_000
    /// Larger files are not read: nothing that Flowmancer wrote is.
    private static let maximumSize = 4 << 30

    /// Opens the records of a job.
    ///
    /// - Parameters:
    ///   - directory: The directory of all records.
    ///   - isReadOnly: Whether nothing is created or changed.
    init(in directory: OwnedDescriptor, job: String, isReadOnly: Bool) {
        self.directory = directory
        self.isReadOnly = isReadOnly
        name = "\(FileName.encode(job)).records"
        state = Mutex(State())
        state.withLock { state in
            try? refresh(&state)
            endTornLine(&state)
            if !isReadOnly, state.lineCount > max(Self.manyLines, state.entries.count * 4) { try? compact(&state) }
        }
    }

    /// Has a line count as damaged that was not written whole: from the beginning, rather than from the next line on.
    private func endTornLine(_ state: inout State) {
        guard let file = state.file, let size = try? file.status().st_size, Int(size) > state.offset else { return }
        if isReadOnly {
            state.entries = [:]
            return
        }
        // Whoever is still writing it has the lock, and will end it.
        guard flock(file.rawValue, LOCK_EX | LOCK_NB) == 0 else { return }
        defer { flock(file.rawValue, LOCK_UN) }
        try? refresh(&state)
        guard state.file === file, let size = try? file.status().st_size, Int(size) > state.offset else { return }
        _ = [UInt8(ascii: "\n")].withUnsafeBytes(file.write)
        try? refresh(&state)
    }

    // MARK: Asking

    /// Returns what is known of a task.
    func memory(of task: String) -> (ReuseMemory, beginning: UInt64?) {
        let entry = state.withLock { state in
            // What another run has written meanwhile counts, too.
            do { try refresh(&state) } catch { state.entries = [:] }
            return state.entries[task]
        }
        guard let entry else { return (.none, nil) }
        guard let line = entry.record else { return (.begun, entry.beginning) }
        var fields = ReuseFields(line)
        return (fields.record().map(ReuseMemory.completed) ?? .begun, entry.beginning)
    }

    // MARK: Recording

    /// Notes that a task begins to run.
    ///
    /// - Returns: The number of the beginning.
    func begin(_ task: String) throws(Errno) -> UInt64 {
        let number = UInt64.random(in: 1...(.max))
        var line: [UInt8] = []
        ReuseLine.appendBeginning(of: task, number, to: &line)
        FaultPoint.pass("reuse.begin")
        try append(line)
        FaultPoint.pass("reuse.begun")
        return number
    }

    /// Notes that a task completed, unless it has begun again meanwhile.
    func complete(_ task: String, _ record: ReuseRecord, beginning: UInt64) throws(Errno) {
        var line: [UInt8] = []
        ReuseLine.append(record, of: task, beginning, to: &line)
        FaultPoint.pass("reuse.record")
        try append(line)
        FaultPoint.pass("reuse.recorded")
    }

    /// Returns whether somebody should call ``synchronize()`` soon, who is not to be there already.
    func needsSynchronization() -> Bool {
        state.withLock { state in
            guard state.isDirty, !state.isSynchronizationDue else { return false }
            state.isSynchronizationDue = true
            return true
        }
    }

    /// Makes what was written outlive a power failure.
    func synchronize() {
        let file = state.withLock { state -> OwnedDescriptor? in
            defer { (state.isDirty, state.isSynchronizationDue) = (false, false) }
            return state.isDirty ? state.file : nil
        }
        if let file { fdatasync(file.rawValue) }
    }

    private func append(_ line: [UInt8]) throws(Errno) {
        let failure = state.withLock { state -> Errno? in
            do throws(Errno) { try append(line, &state) } catch { return error }
            return nil
        }
        if let failure { throw failure }
    }

    private func append(_ line: [UInt8], _ state: inout State) throws(Errno) {
        guard !isReadOnly else { return }
        try refresh(&state)
        if state.isForeign { try compact(&state) }
        let file = try lockedFile(&state)
        defer { flock(file.rawValue, LOCK_UN) }
        var bytes: [UInt8] = []
        let size = Int(try file.status().st_size)
        if size == 0 {
            ReuseLine.appendHeader(to: &bytes)
        } else if try !file.endsWithLineFeed(size: size) {
            bytes.append(UInt8(ascii: "\n"))
        }
        bytes += line
        FaultPoint.pass("reuse.half-written") { _ = bytes.prefix(bytes.count / 2).withUnsafeBytes(file.write) }
        if let failure = bytes.withUnsafeBytes(file.write).failure { throw failure }
        state.isDirty = true
        try refresh(&state)
    }

    /// Returns the file that has the name, with a lock that keeps others from replacing it.
    private func lockedFile(_ state: inout State) throws(Errno) -> OwnedDescriptor {
        while true {
            let file: OwnedDescriptor
            if let open = state.file {
                file = open
            } else {
                let flags = O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK
                file = try OwnedDescriptor(name, flags, mode: 0o600, in: directory)
                try Self.check(file)
            }
            while flock(file.rawValue, LOCK_SH) != 0 {
                if Errno.current != .interrupted { throw .current }
            }
            let identity = FileIdentity(try file.status())
            if let named = FileSystem.status(of: name, in: directory), FileIdentity(named) == identity {
                if state.file == nil { (state.file, state.identity) = (file, identity) }
                return file
            }
            flock(file.rawValue, LOCK_UN)
            state = State()
        }
    }

    static func check(_ file: OwnedDescriptor) throws(Errno) {
        let status = try file.status()
        // What has another name, too, is somebody's file.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else { throw .fileExists }
        guard status.st_size <= maximumSize else { throw .fileTooLarge }
        file.makePrivate(status)
    }
}
