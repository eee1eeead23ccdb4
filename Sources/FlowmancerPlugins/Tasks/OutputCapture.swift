import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Keeps what a command prints, and hands it on to the standard output of this process.
struct OutputCapture: ~Copyable {
    /// What the command gets as its standard output.
    private(set) var writeEnd: OwnedDescriptor?
    private let readEnd: OwnedDescriptor
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var kept: CapturedText

    /// - Parameter limit: The most bytes that are kept.
    init(limit: Int) throws(CommandFailure) {
        kept = CapturedText(limit: limit)
        do throws(Errno) {
            (readEnd, writeEnd) = try OwnedDescriptor.pipe()
        } catch {
            throw CommandFailure(.noStream, reason: error.rawValue)
        }
    }

    /// What was printed, without the line ends at its end; `nil` if that was more than the limit.
    var text: String? { kept.text }

    /// Reads until nobody can write any more, or the command has ended: what it leaves behind is not waited for.
    mutating func read(until process: pid_t) {
        writeEnd = nil
        let ended = try? OwnedDescriptor(process: process)
        defer { withExtendedLifetime(ended) {} }
        // A negative descriptor, where the system has none for processes, is passed over.
        var sources = [
            pollfd(fd: readEnd.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: ended?.rawValue ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        while true {
            guard poll(&sources, 2, -1) >= 0 else {
                if Errno.current == .interrupted { continue }
                return
            }
            guard sources[1].revents == 0 else { return readRest() }
            guard readPart() > 0 else { return }
        }
    }

    /// Reads what the pipe holds, and no more: others may go on writing without end.
    private mutating func readRest() {
        var rest: Int32 = 0
        guard ioctl(readEnd.rawValue, UInt(FIONREAD), &rest) == 0 else { return }
        while rest > 0 {
            let count = readPart()
            guard count > 0 else { return }
            rest -= Int32(count)
        }
    }

    /// - Returns: The number of bytes; 0 at the end.
    private mutating func readPart() -> Int {
        while true {
            let count = Glibc.read(readEnd.rawValue, &buffer, buffer.count)
            if count > 0 { take(buffer[..<count]) }
            if count >= 0 { return count }
            if Errno.current != .interrupted { return 0 }
        }
    }

    private mutating func take(_ part: ArraySlice<UInt8>) {
        part.withUnsafeBytes { part in
            var written = 0
            while written < part.count {
                let count = write(1, part.baseAddress?.advanced(by: written), part.count - written)
                if count > 0 { written += count } else if Errno.current != .interrupted { return }
            }
        }
        kept.append(part)
    }
}
