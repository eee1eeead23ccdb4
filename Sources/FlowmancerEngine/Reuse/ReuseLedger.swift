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
    private let directory: OwnedDescriptor
    private let name: String
    private let isReadOnly: Bool
    private let state: Mutex<State>

    private struct State {
        var file: OwnedDescriptor?
        var identity: FileIdentity?
        /// How much of the file was read.
        var offset = 0
        /// Whether the file is of another version: nothing in it is understood.
        var isForeign = false
        var entries: [String: Entry] = [:]
        var lineCount = 0
        var isDirty = false
    }

    private struct Entry {
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

    /// Makes what was written outlive a power failure.
    func synchronize() {
        let file = state.withLock { state -> OwnedDescriptor? in
            defer { state.isDirty = false }
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

    private static func check(_ file: OwnedDescriptor) throws(Errno) {
        let status = try file.status()
        // What has another name, too, is somebody's file.
        guard status.st_mode & S_IFMT == S_IFREG, status.st_nlink <= 1 else { throw .fileExists }
        guard status.st_size <= maximumSize else { throw .fileTooLarge }
        file.makePrivate(status)
    }

    // MARK: Reading

    /// Takes in what was written since the file was last looked at.
    private func refresh(_ state: inout State) throws(Errno) {
        guard let named = FileSystem.status(of: name, in: directory) else {
            if Errno.current != .noSuchFileOrDirectory { throw .current }
            if state.file != nil { state = State() }
            return
        }
        if state.identity != FileIdentity(named) || Int(named.st_size) < state.offset {
            state = State()
            let flags = isReadOnly ? O_RDONLY : O_RDWR | O_APPEND
            let file = try OwnedDescriptor(name, flags | O_NOFOLLOW | O_NONBLOCK, in: directory)
            try Self.check(file)
            state.file = file
            state.identity = FileIdentity(try file.status())
        }
        guard let file = state.file else { return }
        let size = Int(try file.status().st_size)
        guard size > state.offset else { return }
        let bytes = file.read(from: state.offset, size - state.offset)
        var start = 0
        // What has no end yet is being written.
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            take(bytes, start..<end, &state)
            start = end + 1
        }
        state.offset += start
    }

    private func take(_ bytes: [UInt8], _ line: Range<Int>, _ state: inout State) {
        state.lineCount += 1
        guard line.count > 9, bytes[line.lowerBound + 8] == UInt8(ascii: " "), let kind = kind(of: bytes, line) else {
            state.entries = [:]
            return
        }
        var fields = ReuseFields(bytes[(line.lowerBound + 9)..<line.upperBound])
        _ = fields.bytes()
        if kind == .header {
            state.isForeign = fields.text() != ReuseLine.format || fields.text() != ReuseLine.version
            if state.isForeign { state.entries = [:] }
            return
        }
        guard !state.isForeign, let number = fields.number(), let task = fields.text() else {
            state.entries = [:]
            return
        }
        if kind == .begun {
            state.entries[task] = Entry(beginning: number, record: nil)
        } else if state.entries[task]?.beginning == number {
            state.entries[task]?.record = fields.remaining
        }
    }

    private func kind(of bytes: [UInt8], _ line: Range<Int>) -> ReuseLine.Kind? {
        let checksum = CRC32C.checksum(bytes, line.lowerBound + 9..<line.upperBound)
        guard bytes[line.lowerBound..<line.lowerBound + 8].elementsEqual(ReuseLine.digits(of: checksum)) else {
            return nil
        }
        return ReuseLine.Kind(rawValue: bytes[line.lowerBound + 9])
    }

    // MARK: Compacting

    /// Replaces the file by one with the lines that count; not while somebody else is writing.
    private func compact(_ state: inout State) throws(Errno) {
        guard let old = state.file else { return }
        guard flock(old.rawValue, LOCK_EX | LOCK_NB) == 0 else { throw .current }
        defer { flock(old.rawValue, LOCK_UN) }
        try refresh(&state)
        guard state.file === old else { return }
        var bytes: [UInt8] = []
        ReuseLine.appendHeader(to: &bytes)
        for (task, entry) in state.entries.sorted(by: { $0.key < $1.key }) {
            ReuseLine.appendBeginning(of: task, entry.beginning, to: &bytes)
            guard let line = entry.record else { continue }
            var fields = ReuseFields(line)
            if let record = fields.record() { ReuseLine.append(record, of: task, entry.beginning, to: &bytes) }
        }
        // One at a time: whoever writes it has the lock.
        let temporary = ".\(name)%tmp"
        FileSystem.remove(temporary, in: directory)
        let file = try OwnedDescriptor(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, in: directory)
        do throws(Errno) {
            if let failure = bytes.withUnsafeBytes(file.write).failure { throw failure }
            guard fsync(file.rawValue) == 0 else { throw .current }
            FaultPoint.pass("reuse.compacted")
            guard FileSystem.rename(temporary, to: name, in: directory) == 0 else { throw .current }
        } catch {
            FileSystem.remove(temporary, in: directory)
            throw error
        }
        FaultPoint.pass("reuse.replaced")
        fsync(directory.rawValue)
        state = State()
        try refresh(&state)
    }
}

extension OwnedDescriptor {
    fileprivate func endsWithLineFeed(size: Int) throws(Errno) -> Bool {
        read(from: size - 1, 1) == [UInt8(ascii: "\n")]
    }

    /// Reads a part of a file; less if it has become shorter.
    fileprivate func read(from start: Int, _ size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = pread(rawValue, buffer.baseAddress! + count, size - count, off_t(start + count))
                if result < 0, Errno.current == .interrupted { continue }
                if result <= 0 { break }
                count += result
            }
        }
    }
}
