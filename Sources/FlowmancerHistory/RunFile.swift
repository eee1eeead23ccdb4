import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The file of a run, open to be read: what can be told from its two ends.
struct RunFile {
    /// What is wrong with a file, in words that follow on its path.
    struct Damage: Error, Hashable {
        let words: String

        static let foreign = Damage(words: "is not the record of a run")
        static let head = Damage(words: "is damaged in its first line, so nothing in it can be trusted")
        static let end = Damage(words: "is damaged at its end, so it is not known how the run ended")

        static func newer(_ version: Int) -> Damage {
            Damage(
                words: "has format version \(version), but this Flowmancer supports version \(RunFileFormat.version); "
                    + "upgrade Flowmancer to see the run"
            )
        }
    }

    /// How the file ends.
    enum End: Hashable {
        /// With the end of the run.
        case concluded(RecordedEvent)
        /// With something else that happened, or within a line, which is being written or was cut off.
        case open
        case damaged
    }

    /// A larger first line, or last one that is the end of a run, was not written by Flowmancer.
    private static let maximumLine = 1 << 20

    let descriptor: OwnedDescriptor

    /// Opens a file.
    init(_ name: String, in directory: OwnedDescriptor? = nil) throws(Errno) {
        descriptor = try OwnedDescriptor(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, in: directory)
        guard try descriptor.status().st_mode & S_IFMT == S_IFREG else { throw .notSupported }
    }

    /// Whether an engine records its run in the file. The lock is gone with its process.
    ///
    /// Whoever asks has the lock for a moment, together with others who ask.
    var isLocked: Bool {
        guard flock(descriptor.rawValue, LOCK_SH | LOCK_NB) == 0 else { return Errno.current == .wouldBlock }
        flock(descriptor.rawValue, LOCK_UN)
        return false
    }

    /// Whether the file may be removed: the run is certainly over.
    var isOver: Bool {
        // Of a run that cannot be read it is only known whether it is recorded.
        guard let run = try? run().run else { return !isLocked }
        return run.isOver
    }

    /// Returns what is known of the run.
    ///
    /// - Throws: ``Damage`` if it is not known which run it is; `Errno`.
    func run() throws -> (run: KeptRun, damage: Damage?) {
        let record = try record()
        // Asked before the end is looked for: a run that ends meanwhile is not taken for one that was killed.
        let life = isLocked ? ProcessLife.alive : Self.life(of: record)
        return switch try end() {
        case .concluded(let event): (KeptRun(record, end: event, life: life), nil)
        case .open: (KeptRun(record, life: life), nil)
        case .damaged: (KeptRun(record, life: life == .alive ? .alive : .notKnown), .end)
        }
    }

    /// Whether the run has ended, in none of these states.
    func endsOutside(_ states: Set<RunState>) throws(Errno) -> Bool {
        guard case .concluded(let event) = try end(), let end = event.conclusion else { return false }
        return !states.contains(end.state)
    }

    /// What is known of the process of a run whose file is not locked.
    private static func life(of record: RunRecord) -> ProcessLife {
        let life = record.lifeHere
        // Its process may go on without the run, or this is a copy of the file.
        return life == .alive ? .notKnown : life
    }

    // MARK: The ends of the file

    func record() throws -> RunRecord {
        var size = 4_096
        while true {
            let bytes = descriptor.read(from: 0, size)
            let lineFeed = bytes.firstIndex(of: UInt8(ascii: "\n"))
            guard lineFeed != nil || bytes.count < size || size >= Self.maximumLine else {
                size *= 4
                continue
            }
            switch RunFileFormat.head(0..<(lineFeed ?? bytes.count), in: bytes) {
            case .run(let record)? where lineFeed != nil: return record
            case .newer(let version)?: throw Damage.newer(version)
            case .foreign?: throw Damage.foreign
            case .run?, nil: throw Damage.head
            }
        }
    }

    private func end() throws(Errno) -> End {
        let length = Int(try descriptor.status().st_size)
        var size = 1_024
        while true {
            let start = max(0, length - size)
            let bytes = descriptor.read(from: start, length - start)
            if let end = Self.end(of: bytes, isWhole: start == 0) { return end }
            guard start > 0, size < Self.maximumLine else { return .open }
            size *= 4
        }
    }

    /// - Parameter bytes: The last bytes of the file.
    /// - Returns: `nil` if they are too few.
    private static func end(of bytes: [UInt8], isWhole: Bool) -> End? {
        let lineFeed = UInt8(ascii: "\n")
        guard let last = bytes.lastIndex(of: lineFeed) else { return isWhole ? .open : nil }
        // A crash cuts a line off, but it puts nothing in the place of a line feed.
        let rest = last + 1..<bytes.count
        if !rest.isEmpty, ChecksummedLine.text(of: rest.dropLast(), in: bytes) != nil { return .damaged }
        guard let before = bytes[..<last].lastIndex(of: lineFeed) else {
            // The first line is no event.
            return isWhole ? .open : nil
        }
        guard let json = RunFileFormat.json(of: before + 1..<last, in: bytes) else { return .damaged }
        guard let event = RecordedEvent(json: json), event.conclusion != nil else { return .open }
        return .concluded(event)
    }
}
