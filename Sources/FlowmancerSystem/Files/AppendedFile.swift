import Glibc
import SystemPackage

/// A file that whole lines are added to, also after somebody removed it or the disk was full for a while. A symbolic link
/// in its place is refused.
///
/// Not sendable: it belongs to one logger.
package final class AppendedFile {
    private let path: String
    private var descriptor: OwnedDescriptor?
    /// Whether the last write, of this run or an earlier one, was cut within a line.
    private var endsWithinLine = false

    package init(_ path: String) {
        self.path = path
    }

    /// Opens the file, or creates it with the directories that lead to it, unless it is open.
    package func open() throws(FileError) {
        do throws(Errno) {
            _ = try usableDescriptor()
        } catch {
            throw failure(error)
        }
    }

    /// Adds a line, which has its line feed, with one call.
    package func write(_ line: [UInt8]) throws(FileError) {
        do throws(Errno) {
            let descriptor = try usableDescriptor()
            let bytes = endsWithinLine ? [UInt8(ascii: "\n")] + line : line
            let (count, reason) = SpecialFile.write(bytes, to: descriptor)
            if count > 0 { endsWithinLine = bytes[count - 1] != UInt8(ascii: "\n") }
            if let reason { throw reason }
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ reason: Errno) -> FileError {
        FileError("write the file", path, reason, setting: "path")
    }

    /// Returns the open descriptor, or a new one if somebody removed the file: nobody would find the lines there.
    private func usableDescriptor() throws(Errno) -> OwnedDescriptor {
        if let descriptor, let status = try? descriptor.status(), status.st_nlink > 0 { return descriptor }
        // The system would take what is before the NUL for the path.
        guard !path.utf8.contains(0) else { throw .invalidArgument }
        let result: OwnedDescriptor
        do throws(Errno) {
            result = try openFile()
        } catch .noSuchFileOrDirectory {
            try FileSystem.createDirectories(FilePath(path).removingLastComponent().string)
            result = try openFile()
        } catch {
            throw error
        }
        endsWithinLine = Self.endsWithinLine(path, try result.status())
        descriptor = result
        return result
    }

    private static func endsWithinLine(_ path: String, _ status: stat) -> Bool {
        guard status.st_mode & S_IFMT == S_IFREG, status.st_size > 0,
            let file = try? OwnedDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        else { return false }
        var last: UInt8 = 0
        return pread(file.rawValue, &last, 1, status.st_size - 1) == 1 && last != UInt8(ascii: "\n")
    }

    private func openFile() throws(Errno) -> OwnedDescriptor {
        // A pipe without a reader is refused rather than waited for.
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK
        return try OwnedDescriptor(path, FileSystem.isLinkToOpenFile(path) ? flags : flags | O_NOFOLLOW, mode: 0o600)
    }
}
