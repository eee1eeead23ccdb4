import FlowmancerSystem
import FoundationEssentials
import Glibc
import SystemPackage

/// The log file of one task: what waits to be written, and the descriptor to write it to.
///
/// Not sendable: it belongs to one ``FileLogger``.
final class LogFile {
    /// What the file may hold back while it cannot be written; beyond that, lines are given up.
    static let maximumBacklog = 1 << 20
    /// A buffer that one long line made larger than this is not kept.
    private static let maximumCapacity = 256 << 10

    let path: String
    private let name: String
    private let directory: LogDirectory
    private var descriptor: OwnedDescriptor?
    private var buffer: [UInt8] = []
    private var bufferedLines = 0
    /// Lines that were given up, and of which the file does not tell yet.
    private var lostLines = 0
    /// All lines that were given up.
    private var allLostLines = 0
    private var lossReason: Errno?
    /// Whether the last write was cut within a line.
    private var endsWithinLine = false

    init(directory: LogDirectory, name: String) {
        self.directory = directory
        self.name = name
        path = "\(directory.path)/\(name)"
    }

    /// How many bytes wait to be written.
    var pendingBytes: Int { buffer.count }

    /// Adds a line to what waits to be written.
    func append(_ line: (inout [UInt8]) -> Void) {
        line(&buffer)
        bufferedLines += 1
    }

    /// Opens the file, or creates it, unless it is open.
    func open() throws(FileError) {
        guard descriptor == nil else { return }
        do throws(Errno) {
            descriptor = try directory.open(name)
        } catch {
            throw failure(error)
        }
    }

    /// Writes what waits, in one call.
    ///
    /// What cannot be written stays, up to ``maximumBacklog``, and is tried again with the next call.
    func flush() throws(FileError) {
        guard !buffer.isEmpty else { return }
        defer { limitBuffer() }
        do throws(Errno) {
            try write(to: try usableDescriptor())
        } catch {
            lossReason = error
            throw failure(error)
        }
    }

    /// Closes the descriptor; the file is opened again when there is something to write.
    func close() {
        descriptor = nil
    }

    /// Gives up what could not be written.
    ///
    /// - Returns: How many lines are lost, and why, if any are.
    func giveUp() -> (lines: Int, reason: FileError)? {
        let lines = allLostLines + bufferedLines
        guard lines > 0 else { return nil }
        return (lines, failure(lossReason ?? .ioError))
    }

    private func failure(_ reason: Errno) -> FileError {
        FileError("write the log file", path, reason, setting: "base_log_dir")
    }

    /// Returns the open descriptor, or a new one if somebody removed the file: nobody would find the lines there.
    private func usableDescriptor() throws(Errno) -> OwnedDescriptor {
        if let descriptor, let status = try? descriptor.status(), status.st_nlink > 0 { return descriptor }
        let result = try directory.open(name)
        descriptor = result
        return result
    }

    private func write(to descriptor: OwnedDescriptor) throws(Errno) {
        if lostLines > 0 { try writeLossNotice(to: descriptor) }
        let (count, failure) = buffer.withUnsafeBytes(descriptor.write)
        if count == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            bufferedLines = 0
            endsWithinLine = false
        } else if count > 0 {
            endsWithinLine = buffer[count - 1] != UInt8(ascii: "\n")
            bufferedLines -= buffer[..<count].count { $0 == UInt8(ascii: "\n") }
            buffer.removeFirst(count)
        }
        if let failure { throw failure }
    }

    private func writeLossNotice(to descriptor: OwnedDescriptor) throws(Errno) {
        let reason = lossReason.map { ": \($0)" } ?? ""
        var timestamps = TimestampWriter()
        var notice = Array(endsWithinLine ? "\n[".utf8 : "[".utf8)
        timestamps.append(Date(), to: &notice)
        notice += "] WARNING - \(lostLines) lines could not be written here\(reason)\n".utf8
        let (count, failure) = notice.withUnsafeBytes(descriptor.write)
        if count > 0 { endsWithinLine = count < notice.count }
        if let failure { throw failure }
        lostLines = 0
    }

    private func limitBuffer() {
        if buffer.count > Self.maximumBacklog {
            lostLines += max(1, bufferedLines)
            allLostLines += max(1, bufferedLines)
            buffer.removeAll()
            bufferedLines = 0
        }
        if buffer.isEmpty, buffer.capacity > Self.maximumCapacity { buffer = [] }
    }
}
