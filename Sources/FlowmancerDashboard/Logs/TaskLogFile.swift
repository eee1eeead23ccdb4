import Flowmancer
import FlowmancerCore
import FlowmancerSystem
import Glibc

/// The log of a task, or the part of it that one attempt wrote.
struct TaskLogFile: Sendable {
    private let file: OwnedDescriptor
    /// The bytes that are meant.
    let range: Range<Int>

    /// - Returns: `nil` if no logger of the run has a file of the task.
    init?(of task: String, _ record: RunRecord) {
        for path in record.logPaths(of: task) {
            // Neither a link out of the directory nor a pipe that keeps readers waiting.
            guard let file = try? OwnedDescriptor(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW),
                let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG
            else { continue }
            self.file = file
            range = 0..<Int(status.st_size)
            return
        }
        return nil
    }

    private init(_ file: OwnedDescriptor, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    /// What an attempt wrote.
    ///
    /// - Returns: `nil` if the task has had no such attempt.
    func part(_ attempt: Int, of attempts: [RunDigest.Attempt]) -> TaskLogFile? {
        guard let part = LogPart(attempt, of: attempts) else { return nil }
        // The lines of an attempt follow on each other, so its first and its last one can be searched for.
        let start = firstLine { part.isBefore($0) == false }
        let end = firstLine { part.isAfter($0) }
        return TaskLogFile(file, start..<max(start, end))
    }

    /// Reads some of it.
    func read(_ part: Range<Int>) -> [UInt8] {
        let start = range.lowerBound + part.lowerBound
        let count = min(part.count, range.upperBound - start)
        return count > 0 ? file.read(from: start, count) : []
    }

    // MARK: Search

    private static let window = 1 << 16
    /// A time at the beginning of a line is no longer.
    private static let headLength = 64

    /// Returns where the first line begins of whose time something holds; it holds for all later times, too.
    private func firstLine(where holds: (ArraySlice<UInt8>) -> Bool) -> Int {
        // Lines that begin before `low` are too early. From `high` on there is none that is, or none with a time.
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            guard let line = timedLine(from: middle, before: high) else {
                high = middle
                continue
            }
            if holds(line.head) { high = middle } else { low = line.start + 1 }
        }
        return timedLine(from: low, before: range.upperBound)?.start ?? range.upperBound
    }

    /// Returns the first line with a time that begins at a place or later.
    private func timedLine(from place: Int, before end: Int) -> (start: Int, head: ArraySlice<UInt8>)? {
        var start = place == range.lowerBound ? place : lineStart(behind: place - 1)
        while let place = start, place < end {
            let head = file.read(from: place, Self.headLength)[...]
            if LogPart.time(of: head) != nil { return (place, head) }
            start = lineStart(behind: place)
        }
        return nil
    }

    /// Returns where the line begins that follows on the one with this byte; `nil` if none does.
    private func lineStart(behind place: Int) -> Int? {
        var start = place
        while start < range.upperBound {
            let bytes = file.read(from: start, min(Self.window, range.upperBound - start))
            guard !bytes.isEmpty else { return nil }
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                return start + end + 1 < range.upperBound ? start + end + 1 : nil
            }
            start += bytes.count
        }
        return nil
    }
}
