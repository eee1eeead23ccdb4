import FlowmancerCore
import FlowmancerSystem
import Glibc
import Synchronization
import SystemPackage

/// Finds the files that paths and patterns stand for, and what is in them. Used from several threads.
///
/// A file whose signature is known is not read again.
final class FileSurveyor: Sendable {
    /// What is never an input or a product: checkpoints and the records themselves.
    static let ownDirectory = ".flowmancer"

    private let hash: SystemHash
    /// The directory in which relative paths start.
    private let root: OwnedDescriptor
    /// What was read in this run, by path: many tasks may read the same files.
    private let read = Mutex<[String: RecordedFile]>([:])
    private let cancellation = Atomic(false)

    /// - Parameter root: The directory in which relative paths start.
    init(_ hash: SystemHash, root: String) throws(Errno) {
        self.hash = hash
        self.root = try OwnedDescriptor(root, O_RDONLY | O_DIRECTORY)
    }

    /// Ends the reading of files: what is not known by then counts as unreadable.
    func cancel() { cancellation.store(true, ordering: .relaxed) }

    var isCancelled: Bool { cancellation.load(ordering: .relaxed) }

    /// Looks at files.
    ///
    /// - Parameter known: What was known of them before, in the order of the paths.
    func survey(_ patterns: [PathPattern], known: [RecordedFile]) -> FileSurvey {
        var walk = FileWalk(root: root)
        for pattern in patterns { walk.find(pattern) }
        var survey = FileSurvey(problem: walk.problem)
        survey.files.reserveCapacity(walk.found.count)
        for found in walk.found {
            do throws(FileProblem) {
                survey.files.append(try file(found, known: known))
            } catch {
                survey.problem = survey.problem ?? error
            }
        }
        guard survey.files.count > 1 else { return survey }
        survey.files.sort { $0.precedes($1) }
        var unique: [RecordedFile] = []
        unique.reserveCapacity(survey.files.count)
        for file in survey.files where unique.last?.hasPath(of: file) != true { unique.append(file) }
        survey.files = unique
        return survey
    }

    private func file(_ found: FileWalk.Found, known: [RecordedFile]) throws(FileProblem) -> RecordedFile {
        guard case .file(let status) = found.kind else {
            // A link into the void, or to a directory, is what it says.
            if case .link(let text) = found.kind { return RecordedFile(found.path, digest(of: text), nil) }
            throw .noFile(found.path)
        }
        let signature = FileSignature(status)
        if let file = Self.search(known, found.path), file.signature == signature { return file }
        if let file = read.withLock({ $0[found.path] }), file.signature == signature,
            file.path.utf8.elementsEqual(found.path.utf8)
        {
            return file
        }
        let file = try contents(of: found.path)
        if file.signature != nil { read.withLock { $0[found.path] = file } }
        return file
    }

    /// Reads a file, again if it changes meanwhile.
    private func contents(of path: String) throws(FileProblem) -> RecordedFile {
        do throws(Errno) {
            for _ in 0..<3 {
                let now = FileSignature.now
                let file = try OwnedDescriptor(path, O_RDONLY | O_NONBLOCK | O_NOCTTY, in: root)
                let before = try file.status()
                guard before.st_mode & S_IFMT == S_IFREG else { break }
                let contents = try digest(of: file, size: Int(before.st_size))
                let signature = FileSignature(before)
                if FileSignature(try file.status()) == signature {
                    let settled = signature.isSettled(at: now) ? signature : nil
                    return RecordedFile(path, contents, settled, modified: signature.modified)
                }
            }
        } catch Errno.noSuchFileOrDirectory {
            throw .missing(path)
        } catch Errno.canceled {
            throw .unreadable(path, reason: "the run is ending")
        } catch {
            throw .unreadable(path, reason: "\(error)")
        }
        throw .changing(path)
    }

    private func digest(of file: OwnedDescriptor, size: Int) throws(Errno) -> ContentDigest {
        let digest = hash.begin()
        let length = min(max(size + 1, 1 << 12), 1 << 20)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            if isCancelled { throw .canceled }
            let count = Glibc.read(file.rawValue, buffer.baseAddress, buffer.count)
            if count == 0 { return digest.finish() }
            if count < 0 {
                let reason = Errno.current
                if reason == .interrupted { continue }
                throw reason
            }
            digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
    }

    private func digest(of link: String) -> ContentDigest {
        let digest = hash.begin()
        digest.update(Array("link \(link)".utf8))
        return digest.finish()
    }

    private static func search(_ files: [RecordedFile], _ path: String) -> RecordedFile? {
        var (low, high) = (0, files.count)
        while low < high {
            let middle = (low + high) / 2
            if files[middle].path.utf8.lexicographicallyPrecedes(path.utf8) { low = middle + 1 } else { high = middle }
        }
        return low < files.count && files[low].path.utf8.elementsEqual(path.utf8) ? files[low] : nil
    }
}
