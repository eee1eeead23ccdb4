import FlowmancerSystem
import Glibc
import SystemPackage

/// The key with which digests of what may be secret are made: without it, nobody can try all values of a short secret.
enum ReuseKey {
    static let name = "key"
    private static let length = 32

    /// Returns the key of a directory of records, and makes it if there is none.
    ///
    /// - Parameter isReadOnly: Whether none is made.
    /// - Throws: Also `Errno.noSuchFileOrDirectory` if there is none and none is made.
    static func read(in directory: OwnedDescriptor, isReadOnly: Bool) throws(Errno) -> [UInt8] {
        for _ in 0..<3 {
            do throws(Errno) {
                let file = try OwnedDescriptor(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, in: directory)
                let status = try file.status()
                guard status.st_mode & S_IFMT == S_IFREG else { throw .fileExists }
                file.makePrivate(status)
                let bytes = try file.read(upTo: length + 1)
                if bytes.count == length { return bytes }
                // It is damaged: nothing that was made with it can be checked.
                if isReadOnly { throw .noSuchFileOrDirectory }
                FileSystem.remove(name, in: directory)
            } catch {
                if error != .noSuchFileOrDirectory || isReadOnly { throw error }
            }
            try make(in: directory)
        }
        throw .ioError
    }

    /// Makes a key, unless another run is faster: it appears whole or not at all.
    private static func make(in directory: OwnedDescriptor) throws(Errno) {
        let temporary = ".\(name)%tmp-\(getpid())"
        FileSystem.remove(temporary, in: directory)
        let file = try OwnedDescriptor(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600, in: directory)
        defer { FileSystem.remove(temporary, in: directory) }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
        if let failure = bytes.withUnsafeBytes(file.write).failure { throw failure }
        fsync(file.rawValue)
        let result = temporary.withSystemText { path in
            name.withSystemText { linkat(directory.rawValue, path, directory.rawValue, $0, 0) }
        }
        if result != 0, Errno.current != .fileExists { throw .current }
    }
}
