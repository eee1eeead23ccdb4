import FlowmancerSystem
import Glibc
import SystemPackage

/// The symbolic link `latest` beside the directories of the runs, which leads to the newest one.
enum LatestLink {
    static let name = "latest"

    /// Lets the link lead to the directory of a run that has just begun.
    ///
    /// Anything else with that name is left alone, and a file system without links has none.
    ///
    /// - Parameters:
    ///   - run: The name of the run's directory.
    ///   - base: The directory that it is in.
    static func update(to run: String, in base: String) {
        guard let directory = try? OwnedDescriptor(base, O_RDONLY | O_DIRECTORY), isReplaceable(in: directory)
        else { return }
        let temporary = ".\(name).\(run)"
        guard symlinkat(run, directory.rawValue, temporary) == 0 else { return }
        if renameat(directory.rawValue, temporary, directory.rawValue, name) != 0 {
            unlinkat(directory.rawValue, temporary, 0)
        }
    }

    /// Whether there is no such link yet, or one that this program made.
    private static func isReplaceable(in directory: OwnedDescriptor) -> Bool {
        guard let status = FileSystem.status(of: name, in: directory) else { return true }
        guard status.st_mode & S_IFMT == S_IFLNK else { return false }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlinkat(directory.rawValue, name, &target, Int(PATH_MAX)) > 0 else { return false }
        return RunDirectory.time(from: FilePath(platformString: target).string) != nil
    }
}
