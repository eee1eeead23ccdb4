import Glibc
import SystemPackage

/// Devices, pipes, and files that another process has open: what is written to as it is.
enum SpecialFile {
    /// How long a reader may take nothing, in milliseconds.
    private static let patience: Int32 = 5_000

    /// Adds bytes.
    ///
    /// - Throws: `Errno.noSuchAddressOrDevice` if nobody reads a pipe, `Errno.timedOut` if its reader takes nothing.
    static func write(_ bytes: [UInt8], to path: String) throws(Errno) {
        // A pipe without a reader is refused rather than waited for.
        let file = try OwnedDescriptor(path, O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY)
        if let failure = write(bytes, to: file).failure { throw failure }
    }

    /// Adds bytes to a file that was opened without waiting, and waits for its reader.
    ///
    /// - Returns: How many bytes were written, and why not all of them if so.
    static func write(_ bytes: [UInt8], to file: OwnedDescriptor) -> (count: Int, failure: Errno?) {
        var written = 0
        while written < bytes.count {
            let (count, failure) = WriteSignals.withheld {
                let outcome = bytes[written...].withUnsafeBytes(file.write)
                return (outcome, outcome.failure == .brokenPipe)
            }
            written += count
            guard let failure else { break }
            guard failure == .resourceTemporarilyUnavailable else { return (written, failure) }
            do throws(Errno) { try waitForRoom(file) } catch { return (written, error) }
        }
        return (written, nil)
    }

    private static func waitForRoom(_ file: OwnedDescriptor) throws(Errno) {
        var request = pollfd(fd: file.rawValue, events: Int16(POLLOUT), revents: 0)
        let result = poll(&request, 1, patience)
        guard result != 0 else { throw .timedOut }
        if result < 0, Errno.current != .interrupted { throw Errno.current }
    }
}
