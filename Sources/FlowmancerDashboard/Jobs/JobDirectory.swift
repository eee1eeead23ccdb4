import Flowmancer
import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// The job files that may be started: those in one directory.
struct JobDirectory: Sendable {
    /// The absolute path.
    let path: String
    private let loading: JobLoading
    private let cache = Cache()

    /// A job file, checked.
    struct Entry: Sendable {
        /// The name of the file.
        let file: String
        /// The name of the job.
        let name: String
        let taskCount: Int
        let issues: [Problem.Issue]
        /// Where the job keeps its runs.
        let history: PluginDefinition
        let hasErrors: Bool
    }

    private actor Cache {
        var entries: [String: (signature: FileSignature, entry: Entry)] = [:]

        func entry(of file: String, _ signature: FileSignature?) -> Entry? {
            guard let known = entries[file], known.signature == signature else { return nil }
            return known.entry
        }

        func set(_ entry: Entry, _ signature: FileSignature) { entries[entry.file] = (signature, entry) }
    }

    private static let endings = [".yaml", ".yml", ".json"]

    /// - Throws: ``UsageError`` if the path is no directory.
    init(_ path: String, _ loading: JobLoading) throws {
        guard let path = FileSystem.canonicalPath(path) else {
            throw UsageError(text: "the directory of jobs \(path.printable) cannot be used: \(Errno.current)")
        }
        guard let status = FileSystem.status(of: path), status.st_mode & S_IFMT == S_IFDIR else {
            throw UsageError(text: "the directory of jobs \(path.printable) is not a directory")
        }
        self.path = path
        self.loading = loading
    }

    /// Returns the jobs in the order of the names of their files.
    func entries() async throws -> [Entry] {
        let files: [String]
        do throws(Errno) {
            files = try FileSystem.entries(of: OwnedDescriptor(path, O_RDONLY | O_DIRECTORY))
        } catch {
            throw Problem(.internalServerError, "the directory of jobs \(path.printable) cannot be read: \(error)")
        }
        var entries: [Entry] = []
        for file in files.filter(Self.isJob).sorted() {
            if let entry = try await check(file) { entries.append(entry) }
        }
        return entries
    }

    /// Returns a job.
    ///
    /// - Throws: ``Problem`` if there is none of this name.
    func entry(_ file: String) async throws -> Entry {
        guard Self.isJob(file), let entry = try await check(file) else {
            throw Problem(
                .notFound,
                "the directory of jobs has no job file '\(file.printable)'; /v1/jobs lists those that it has"
            )
        }
        return entry
    }

    /// The path of a job's file.
    func path(of entry: Entry) -> String { "\(path)/\(entry.file)" }

    /// Returns the job whose file is at a path; `nil` if it is not in the directory.
    func entry(at path: String) async throws -> Entry? {
        guard let place = FileSystem.canonicalPath(path), place.hasPrefix(self.path + "/") else { return nil }
        let name = String(place.dropFirst(self.path.count + 1))
        return Self.isJob(name) ? try await check(name) : nil
    }

    private static func isJob(_ name: String) -> Bool {
        !name.hasPrefix(".") && !name.contains("/") && !name.contains("\0") && endings.contains(where: name.hasSuffix)
    }

    private func check(_ file: String) async throws -> Entry? {
        let path = "\(path)/\(file)"
        guard let status = FileSystem.status(of: path), status.st_mode & S_IFMT == S_IFREG else { return nil }
        let signature = FileSignature(status)
        // What it includes may have changed for all that, which shows when it is started.
        if let known = await cache.entry(of: file, signature) { return known }
        let outcome = try loading.checkedJob(path)
        let entry = Entry(
            file: file,
            name: outcome.job.configuration.name,
            taskCount: outcome.job.tasks.count,
            issues: outcome.issues.map(Problem.Issue.init),
            history: outcome.job.history,
            hasErrors: outcome.issues.contains { $0.severity == .error }
        )
        await cache.set(entry, signature)
        return entry
    }
}
