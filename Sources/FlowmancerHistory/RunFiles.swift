import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Where the files of runs are: a directory for each job, and in it a file for each run, named after its id.
struct RunFiles {
    /// The file of a run.
    struct Place: Hashable {
        /// The name of the job's directory.
        let job: String
        /// The text of the run's id.
        let id: String

        var name: String { id + RunFiles.ending }
    }

    static let ending = ".run"
    /// How the names of files begin that are not complete.
    static let temporaryPrefix = ".new-"

    /// The directory of all runs.
    let root: String

    func path(of place: Place) -> String { "\(root)/\(place.job)/\(place.name)" }

    /// Opens the directory of a job, and creates it, private to the user, if it is missing.
    func makeDirectory(of job: String) throws(FileError) -> OwnedDescriptor {
        let path = "\(root)/\(FileName.encode(job))"
        do throws(Errno) {
            try FileSystem.createDirectories(root, mode: 0o700)
            try FileSystem.createDirectories(path, mode: 0o700)
            return try OwnedDescriptor(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        } catch {
            throw FileError("create the directory of runs", path, error, setting: "history_dir")
        }
    }

    /// Returns the files of a job's runs, or those of all jobs, in no particular order. What is called otherwise is somebody
    /// else's.
    func places(job: String?) throws(FileError) -> [Place] {
        do throws(Errno) {
            let directory = try OwnedDescriptor(root, O_RDONLY | O_DIRECTORY)
            let jobs: [String]
            if let job { jobs = [FileName.encode(job)] } else { jobs = try FileSystem.entries(of: directory) }
            return jobs.flatMap { job -> [Place] in
                guard let own = try? OwnedDescriptor(job, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, in: directory) else {
                    return []
                }
                return Self.ids(in: own).map { Place(job: job, id: $0) }
            }
        } catch .noSuchFileOrDirectory {
            return []
        } catch {
            throw FileError("list the runs in", root, error, setting: "history_dir")
        }
    }

    /// Returns where a run is; `nil` if there is none of this id.
    func place(of id: RunID) throws(FileError) -> Place? {
        do throws(Errno) {
            let directory = try OwnedDescriptor(root, O_RDONLY | O_DIRECTORY)
            return try FileSystem.entries(of: directory).lazy.map { Place(job: $0, id: id.description) }
                .first { place in
                    // Links to directories are somebody else's, as in the list of all runs.
                    guard let job = FileSystem.status(of: place.job, in: directory), job.st_mode & S_IFMT == S_IFDIR
                    else {
                        return false
                    }
                    return FileSystem.status(of: "\(place.job)/\(place.name)", in: directory) != nil
                }
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {
            throw FileError("find the run in", root, error, setting: "history_dir")
        }
    }

    private static func ids(in directory: OwnedDescriptor) -> [String] {
        guard let names = try? FileSystem.entries(of: directory) else { return [] }
        return names.compactMap { name in
            name.utf8.count == 36 + ending.utf8.count && name.hasSuffix(ending) && !name.hasPrefix(".")
                ? String(name.dropLast(ending.utf8.count)) : nil
        }
    }

    // MARK: Removing

    /// Removes the oldest runs of a job, as far as they are over, and what engines left that died before their runs began.
    ///
    /// - Parameters:
    ///   - directory: That of the job.
    ///   - count: How many runs are kept.
    func removeOldRuns(in directory: OwnedDescriptor, keeping count: Int) {
        let old = Self.ids(in: directory).sorted(by: >).dropFirst(max(0, count))
        for id in old {
            let name = id + Self.ending
            guard let file = try? RunFile(name, in: directory), file.isOver else { continue }
            FileSystem.remove(name, in: directory)
        }
        guard let names = try? FileSystem.entries(of: directory) else { return }
        for name in names where name.hasPrefix(Self.temporaryPrefix) {
            guard let file = try? RunFile(name, in: directory), !file.isLocked else { continue }
            FileSystem.remove(name, in: directory)
        }
    }
}
