import FlowmancerCore
package import Glibc
package import SystemPackage

/// An open file that is closed when its last user lets go of it.
///
/// Users on several threads share it without a lock: none of them can be left with a number that means another file.
package final class OwnedDescriptor: Sendable {
    package let rawValue: Int32

    /// Takes over an open descriptor.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// Opens a file; programs that are started later do not inherit it.
    ///
    /// - Parameters:
    ///   - path: The file, relative to `directory`.
    ///   - flags: As for `open(2)`.
    ///   - mode: The permissions of a file that is created, before the umask.
    ///   - directory: Where `path` starts; the working directory by default.
    package convenience init(
        _ path: String,
        _ flags: Int32,
        mode: UInt32 = 0,
        in directory: OwnedDescriptor? = nil
    ) throws(Errno) {
        while true {
            let result = path.withSystemText { openat(directory?.rawValue ?? AT_FDCWD, $0, flags | O_CLOEXEC, mode) }
            guard result < 0 else {
                self.init(rawValue: result)
                return
            }
            let reason = Errno.current
            if reason != .interrupted { throw reason }
        }
    }

    deinit {
        close(rawValue)
    }

    /// Writes bytes, in one call unless the system takes only a part of them.
    ///
    /// - Returns: How many bytes were written, and why not all of them if so.
    package func write(_ bytes: UnsafeRawBufferPointer) -> (count: Int, failure: Errno?) {
        var count = 0
        while count < bytes.count {
            let result = Glibc.write(rawValue, bytes.baseAddress?.advanced(by: count), bytes.count - count)
            if result < 0 {
                let reason = Errno.current
                if reason == .interrupted { continue }
                return (count, reason)
            }
            if result == 0 { return (count, .ioError) }
            count += result
        }
        return (count, nil)
    }

    /// Whether something can be read without waiting, or the end of it: of a process, that it has ended.
    package var isReadable: Bool {
        var request = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, 0) == 1
    }

    /// Reads until the end of the file, or as many bytes as asked for.
    package func read(upTo limit: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < bytes.count {
            let result = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(rawValue, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if result == 0 { break }
            if result < 0 {
                let reason = Errno.current
                if reason != .interrupted { throw reason }
            } else {
                count += result
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Reads a part of the file; less if the file ends before, or cannot be read.
    package func read(from start: Int, _ size: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let result = pread(rawValue, buffer.baseAddress! + count, size - count, off_t(start + count))
                if result < 0, Errno.current == .interrupted { continue }
                if result <= 0 { break }
                count += result
            }
        }
    }

    /// Takes the permissions of others away from a file that may have been made with wider ones. It stays as it is if it
    /// belongs to somebody else.
    package func makePrivate(_ status: stat) {
        if status.st_mode & 0o077 != 0 { fchmod(rawValue, status.st_mode & 0o700) }
    }

    /// The file's size, type and so on.
    package func status() throws(Errno) -> stat {
        var result = stat()
        guard fstat(rawValue, &result) == 0 else { throw Errno.current }
        return result
    }
}
