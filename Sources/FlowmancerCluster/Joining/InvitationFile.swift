internal import FlowmancerCore
internal import FlowmancerSystem
internal import FoundationEssentials
internal import Glibc
internal import SystemPackage

/// The private file that has the contents of an invitation: a line with a checksum, in JSON.
enum InvitationFile {
    /// The name of the file in the directory of the run.
    private static let name = "invitation"
    /// The bytes of a file at most: a damaged one may have any size.
    private static let sizeLimit = 4 * 1_024 * 1_024

    // MARK: Writing

    /// Writes a file so that a reader sees all of it or none, also after a failure of the machine.
    ///
    /// - Returns: Its path.
    /// - Throws: A ``PilotListenerError``.
    static func write(_ contents: InvitationContents, in directory: String) throws -> String {
        let json = try JSONEncoder().encode(contents)
        var bytes: [UInt8] = []
        ChecksummedLine.append(to: &bytes) { $0.append(contentsOf: json) }
        let path = "\(directory)/\(name)"
        do throws(Errno) {
            try write(bytes, in: OwnedDescriptor(directory, O_RDONLY | O_DIRECTORY))
        } catch {
            throw PilotListenerError(
                "cannot write the invitation for pilots '\(path.printable)': \(ConnectionWords.words(of: error)); "
                    + "make the directory writable for this user, and free some space if the disk is full"
            )
        }
        return path
    }

    private static func write(_ bytes: [UInt8], in directory: OwnedDescriptor) throws(Errno) {
        let temporary = ".\(name).\(getpid()).\(String(UInt64.random(in: 0...(.max)), radix: 36))"
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW
        let file = try OwnedDescriptor(temporary, flags, mode: 0o600, in: directory)
        do throws(Errno) {
            // The umask may have taken something away.
            guard fchmod(file.rawValue, 0o600) == 0 else { throw .current }
            if let failure = bytes.withUnsafeBytes(file.write).failure { throw failure }
            guard fsync(file.rawValue) == 0, FileSystem.rename(temporary, to: name, in: directory) == 0 else {
                throw .current
            }
        } catch {
            FileSystem.remove(temporary, in: directory)
            throw error
        }
        guard fsync(directory.rawValue) == 0 else { throw .current }
    }

    // MARK: Reading

    /// Reads a file.
    ///
    /// - Throws: A ``PilotInvitationError``.
    static func read(_ path: String) throws(PilotInvitationError) -> InvitationContents {
        try parse(try contents(of: path), path)
    }

    /// Understands the contents of a file.
    ///
    /// - Parameter path: The file, for errors.
    static func parse(_ bytes: [UInt8], _ path: String) throws(PilotInvitationError) -> InvitationContents {
        guard bytes.last == UInt8(ascii: "\n"),
            let (place, _) = ChecksummedLine.text(of: 0..<bytes.count - 1, in: bytes)
        else { throw PilotInvitationError(.damaged, path) }
        let json = Data(bytes[place])
        let decoder = JSONDecoder()
        guard let version = (try? decoder.decode(InvitationContents.Version.self, from: json))?.version else {
            throw PilotInvitationError(.damaged, path)
        }
        guard version <= InvitationContents.currentVersion else {
            throw PilotInvitationError(.newer(version: version), path)
        }
        guard let contents = try? decoder.decode(InvitationContents.self, from: json),
            (1...65_535).contains(contents.port), !contents.hosts.isEmpty
        else { throw PilotInvitationError(.damaged, path) }
        return contents
    }

    private static func contents(of path: String) throws(PilotInvitationError) -> [UInt8] {
        var problem: PilotInvitationError.Problem?
        do throws(Errno) {
            guard !path.utf8.contains(0) else { throw .invalidArgument }
            // Opening a pipe must not wait for somebody who writes to it.
            let file = try OwnedDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let status = try file.status()
            problem = Self.problem(of: status)
            if problem == nil { return try file.read(upTo: Int(status.st_size)) }
        } catch {
            problem = error == .noSuchFileOrDirectory ? .missing : .unreadable(error)
        }
        throw PilotInvitationError(problem ?? .damaged, path)
    }

    private static func problem(of status: stat) -> PilotInvitationError.Problem? {
        guard status.st_mode & S_IFMT == S_IFREG else { return .noFile }
        guard status.st_uid == geteuid() else { return .foreign(owner: status.st_uid, user: geteuid()) }
        guard status.st_mode & 0o077 == 0 else { return .open(permissions: status.st_mode & 0o777) }
        guard status.st_size <= sizeLimit else { return .damaged }
        return nil
    }
}
