import Glibc
import SystemPackage

/// Replaces files so that a reader sees the old contents or the new.
package enum AtomicFile {
    /// Writes a file under another name, and then gives it its own.
    ///
    /// A symbolic link stays, and the file that it leads to is replaced. A device, or a pipe that somebody reads, is
    /// written to.
    ///
    /// - Parameters:
    ///   - createsDirectories: Whether the directories that lead to the file are created if they are missing.
    ///   - setting: The parameter of the plug-in, or the option, that names the file.
    package static func write(
        _ bytes: [UInt8],
        to path: String,
        createsDirectories: Bool = true,
        setting: String
    ) throws(FileError) {
        do throws(Errno) {
            // The system would take what is before the NUL for the path.
            guard !path.utf8.contains(0) else { throw .invalidArgument }
            let target = try LinkTarget(of: path)
            if target.isReplaceable {
                try replace(target.path, with: bytes, createsDirectories)
            } else {
                try SpecialFile.write(bytes, to: path)
            }
        } catch {
            throw FileError("write the file", path, error, setting: setting)
        }
    }

    private static func replace(
        _ path: FilePath,
        with bytes: [UInt8],
        _ createsDirectories: Bool
    ) throws(Errno) {
        let directory = path.removingLastComponent()
        if createsDirectories, !directory.isEmpty { try FileSystem.createDirectories(directory.string) }
        let temporary = directory.appending(".\(path.lastComponent?.string ?? "").\(getpid())")
        try write(bytes, toNew: temporary.string)
        guard FileSystem.rename(temporary.string, to: path.string) == 0 else {
            let reason = Errno.current
            FileSystem.unlink(temporary.string)
            throw reason
        }
    }

    private static func write(_ bytes: [UInt8], toNew path: String) throws(Errno) {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
        let file = try OwnedDescriptor(path, flags, mode: 0o644)
        let (_, failure) = bytes.withUnsafeBytes(file.write)
        if let failure {
            FileSystem.unlink(path)
            throw failure
        }
    }
}
