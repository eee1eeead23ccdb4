import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The files that have what started jobs print, apart from their logs. A process that writes into one needs no server.
struct StartOutputs {
    let appRoot: String

    /// How many are kept.
    private static let kept = 50
    private static let ending = ".out"

    private var directory: String { "\(appRoot)/.flowmancer/starts" }

    /// Makes a file, and removes the oldest ones if there are too many.
    func make(for job: String) throws(Errno) -> OwnedDescriptor {
        try FileSystem.createDirectories(directory, mode: 0o700)
        let folder = try OwnedDescriptor(directory, O_RDONLY | O_DIRECTORY)
        // Later ids have greater names.
        let old = try FileSystem.entries(of: folder).filter { $0.hasSuffix(Self.ending) }.sorted(by: >)
        for name in old.dropFirst(Self.kept - 1) { FileSystem.remove(name, in: folder) }
        let name = "\(RunID())-\(FileName.encode(job))\(Self.ending)"
        return try OwnedDescriptor(name, O_RDWR | O_CREAT | O_EXCL | O_APPEND, mode: 0o600, in: folder)
    }
}
