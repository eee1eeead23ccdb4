import FlowmancerCore
import FlowmancerFaults
import FlowmancerSystem
import Glibc
import SystemPackage

/// How the file is read and shortened.
extension ReuseLedger {
    /// Takes in what was written since the file was last looked at.
    func refresh(_ state: inout State) throws(Errno) {
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
        guard let place = ChecksummedLine.text(of: line, in: bytes)?.place,
            let kind = ReuseLine.Kind(rawValue: bytes[place.lowerBound])
        else {
            state.entries = [:]
            return
        }
        var fields = ReuseFields(bytes[place])
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

    // MARK: Compacting

    /// Replaces the file by one with the lines that count; not while somebody else is writing.
    func compact(_ state: inout State) throws(Errno) {
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
    func endsWithLineFeed(size: Int) throws(Errno) -> Bool {
        read(from: size - 1, 1) == [UInt8(ascii: "\n")]
    }
}
