import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// A file of a job that is open and about to be read.
struct OpenFile {
    /// Which files may be opened.
    enum Kind {
        case regular
        /// Also a pipe, say, which the shell makes of the output of a program. It is waited for.
        case any
    }

    /// The size up to which files are read; a job file beyond it is a mistake.
    static let maximumSize = 256 << 20

    let identity: FileIdentity
    private let descriptor: FileDescriptor

    /// Opens a file.
    ///
    /// - Parameter path: Its text stands for the system's bytes.
    /// - Throws: `Errno`, or ``NotRegular``.
    init(_ path: FilePath, kind: Kind) throws {
        // The opening of a named pipe would wait for somebody who writes into it.
        let options: FileDescriptor.OpenOptions = kind == .regular ? [.closeOnExec, .nonBlocking] : .closeOnExec
        descriptor = try path.string.withSystemText { try FileDescriptor.open($0, .readOnly, options: options) }
        var status = stat()
        do {
            guard fstat(descriptor.rawValue, &status) == 0 else { throw Errno.current }
            guard status.st_mode & S_IFMT != S_IFDIR else { throw Errno.isDirectory }
            guard kind == .any || status.st_mode & S_IFMT == S_IFREG else { throw NotRegular() }
        } catch {
            try? descriptor.close()
            throw error
        }
        identity = FileIdentity(status)
    }

    /// Opens the standard input, which stays open.
    ///
    /// - Throws: `Errno`.
    init(standardInput: Void) throws(Errno) {
        let copy = fcntl(FileDescriptor.standardInput.rawValue, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Errno.current }
        descriptor = FileDescriptor(rawValue: copy)
        var status = stat()
        guard fstat(copy, &status) == 0 else { throw Errno.current }
        identity = FileIdentity(status)
    }

    /// Reads the file to its end, and closes it.
    ///
    /// - Throws: `Errno`, or ``TooLarge``.
    func read() throws -> [UInt8] {
        try descriptor.closeAfter {
            var bytes: [UInt8] = []
            let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 1)
            defer { chunk.deallocate() }
            while true {
                let count = try descriptor.read(into: chunk)
                guard count > 0 else { return bytes }
                guard bytes.count + count <= Self.maximumSize else { throw TooLarge() }
                bytes.append(contentsOf: chunk[..<count])
            }
        }
    }

    func close() {
        try? descriptor.close()
    }

    /// A pipe, a socket or a device.
    struct NotRegular: Error {}

    /// A file has more bytes than ``maximumSize``.
    struct TooLarge: Error {}
}
