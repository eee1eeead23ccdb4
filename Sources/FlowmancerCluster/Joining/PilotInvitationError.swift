public import FlowmancerCore
internal import SystemPackage

/// An invitation that cannot be used.
public struct PilotInvitationError: PlainError, Sendable {
    /// The file.
    public let path: String
    let problem: Problem

    enum Problem: Sendable {
        case missing
        case unreadable(Errno)
        /// A directory, a device or the like.
        case noFile
        /// It belongs to another user. Both are numbers of users.
        case foreign(owner: UInt32, user: UInt32)
        /// Others may read or change it.
        case open(permissions: UInt32)
        case damaged
        case newer(version: Int)
    }

    init(_ problem: Problem, _ path: String) {
        self.problem = problem
        self.path = path
    }

    /// What is wrong, and what to do about it.
    public var description: String { "the invitation '\(path.printable)' \(fault)" }

    private var fault: String {
        switch problem {
        case .missing:
            "does not exist on this machine: the run may be over, or this machine does not share the directory with "
                + "the engine's; put the app root on a file system that all machines share"
        case .unreadable(let reason):
            "cannot be read: \(ConnectionWords.words(of: reason)); start the pilot as the user who runs the engine"
        case .noFile:
            "is not a regular file; give the path of the file that the engine wrote"
        case .foreign(let owner, let user):
            "belongs to user \(owner), but this is user \(user); start the pilot as the user who runs the engine"
        case .open(let permissions):
            "may be read or changed by others (permissions \(String(permissions, radix: 8)) instead of 600), "
                + "so its keys are no secret; start the run again, and do not change the permissions"
        case .damaged:
            "is damaged: its contents do not match their checksum or cannot be understood; check the file system, and "
                + "start the run again"
        case .newer(let version):
            "has version \(version), and this program knows versions up to \(InvitationContents.currentVersion); "
                + "start the pilot with the program of the engine"
        }
    }
}
