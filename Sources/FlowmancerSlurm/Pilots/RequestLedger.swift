import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The private file in which the jobs of a run are recorded, so that the next run can end what a killed engine left.
///
/// A line is written before Slurm is asked for pilots, and another one with the number of the job when it has answered. What
/// was killed in between has a token, by which its job is found.
struct RequestLedger: Sendable {
    private static let name = "slurm-jobs"
    private let file: OwnedDescriptor

    /// Opens the file of a directory, or creates it.
    init(in directory: String) throws(SlurmError) {
        let path = Self.path(in: directory)
        do throws(Errno) {
            file = try OwnedDescriptor(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode: 0o600)
        } catch {
            throw SlurmError("the record of jobs '\(path.printable)' cannot be written: \(error)")
        }
    }

    private static func path(in directory: String) -> String { "\(directory)/\(name)" }

    /// Adds a line. It is on the disk when this returns.
    func append(_ line: RequestRecord.Line) throws(SlurmError) {
        let bytes = Array("\(line)\n".utf8)
        let failure = bytes.withUnsafeBytes(file.write).failure ?? (fdatasync(file.rawValue) == 0 ? nil : Errno.current)
        // A file system without this call keeps what it was given in its own way.
        if let failure, failure != .invalidArgument, failure != .notSupported {
            throw SlurmError("the record of jobs cannot be written: \(failure)")
        }
    }

    /// Reads the file of a directory; `nil` if there is none.
    static func read(in directory: String) throws(SlurmError) -> RequestRecord? {
        let path = path(in: directory)
        do throws(Errno) {
            let file = try OwnedDescriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let size = Int(try file.status().st_size)
            return RequestRecord(String(systemBytes: file.read(from: 0, size)))
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw SlurmError("the record of jobs '\(path.printable)' cannot be read: \(error)")
        }
    }
}
