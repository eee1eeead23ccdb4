import Glibc
import SystemPackage

/// Replaces files so that a reader sees the old contents or the new.
package enum AtomicFile {
    /// Writes a file under another name, and then gives it its own.
    ///
    /// - Parameter setting: The parameter of the plug-in that names the file.
    package static func write(_ bytes: [UInt8], to path: String, setting: String) throws(FileError) {
        do throws(Errno) {
            // The system would take what is before the NUL for the path.
            guard !path.utf8.contains(0) else { throw .invalidArgument }
            let target = FilePath(path)
            let directory = target.removingLastComponent().string
            if !directory.isEmpty { try FileSystem.createDirectories(directory) }
            let temporary = target.removingLastComponent().appending(
                ".\(target.lastComponent?.string ?? "").\(getpid())"
            )
            try write(bytes, toNew: temporary.string)
            guard rename(temporary.string, path) == 0 else {
                let reason = Errno.current
                unlink(temporary.string)
                throw reason
            }
        } catch {
            throw FileError("write the file", path, error, setting: setting)
        }
    }

    private static func write(_ bytes: [UInt8], toNew path: String) throws(Errno) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
        let file = try OwnedDescriptor(path, flags, mode: 0o644)
        let (_, failure) = bytes.withUnsafeBytes(file.write)
        if let failure {
            unlink(path)
            throw failure
        }
    }
}
