import FlowmancerSystem
import Glibc
import SystemPackage

/// The file that makes a directory one of a run's logs, and that is locked while the run is under way.
///
/// The lock is gone with the process that holds it, however that ends. Its time stamp is the beginning of the run, and
/// then its end.
final class RunMark {
    /// No log has this name: those of tasks never begin with a dot.
    static let name = ".flowmancer-run"

    private let file: OwnedDescriptor

    private init(_ file: OwnedDescriptor) {
        self.file = file
    }

    /// Marks a new directory.
    ///
    /// - Returns: `nil` if another run has taken the directory for an old one, and removed it.
    static func create(in directory: OwnedDescriptor) throws(Errno) -> RunMark? {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK
        let file = try OwnedDescriptor(name, flags, mode: 0o666, in: directory)
        // Another run looks at it for a moment at most.
        while flock(file.rawValue, LOCK_EX) != 0 {
            guard Errno.current == .interrupted else { throw Errno.current }
        }
        return try file.status().st_nlink > 0 ? RunMark(file) : nil
    }

    /// Takes over the directory of a run that is over.
    ///
    /// - Returns: `nil` if the run is under way, or the directory is none of a run's logs.
    static func takeOver(_ directory: OwnedDescriptor) -> RunMark? {
        guard let file = try? OwnedDescriptor(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK, in: directory),
            let status = try? file.status(), status.st_mode & S_IFMT == S_IFREG,
            flock(file.rawValue, LOCK_EX | LOCK_NB) == 0
        else { return nil }
        return RunMark(file)
    }

    /// When the run began or, once it is over, ended, in seconds since 1970.
    func time() throws(Errno) -> Int { try file.status().st_mtim.tv_sec }

    /// Notes that the run ends now.
    func noteEnd() {
        futimens(file.rawValue, nil)
    }
}
