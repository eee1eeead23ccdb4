import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// Finds what patterns stand for.
struct FileWalk {
    /// What stands at a path.
    struct Found {
        enum Kind {
            case file(stat)
            /// A link that is not followed, and its text.
            case link(String)
            case other
        }

        var path: String
        var kind: Kind
    }

    private let root: OwnedDescriptor
    /// In no particular order; a path may be there twice.
    private(set) var found: [Found] = []
    /// The first reason why not everything was found.
    private(set) var problem: FileProblem?

    /// Whether it is only asked if there is anything: the first find is enough, and directories are not entered for it.
    private let isSearch: Bool

    init(root: OwnedDescriptor, isSearch: Bool = false) {
        self.root = root
        self.isSearch = isSearch
    }

    /// Adds what a pattern stands for.
    mutating func find(_ pattern: PathPattern) {
        if pattern.isPath {
            let path = pattern.path
            guard let status = status(of: path) else { return note(Self.problem(at: path)) }
            return add(path, status)
        }
        let count = found.count
        var isFound = false
        find(pattern.segments[...], in: pattern.isAbsolute ? "/" : "", &isFound)
        if !isFound, found.count == count { note(.unmatched(pattern.text)) }
    }

    /// - Parameter base: The directory, with a slash at its end unless it is empty.
    private mutating func find(_ segments: ArraySlice<PathPattern.Segment>, in base: String, _ isFound: inout Bool) {
        guard let segment = segments.first, !(isSearch && isFound) else { return }
        let rest = segments.dropFirst()
        switch segment {
        case .name(let name):
            if rest.isEmpty {
                guard let status = status(of: base + name) else { return }
                isFound = true
                add(base + name, status)
            } else {
                find(rest, in: "\(base)\(name)/", &isFound)
            }
        case .pattern:
            for name in names(in: base) where segment.matches(name) && name != FileSurveyor.ownDirectory {
                // A link into the void is nothing to a pattern, as in a shell.
                guard let status = status(of: base + name) else { continue }
                if rest.isEmpty {
                    isFound = true
                    add(base + name, status)
                } else if status.st_mode & S_IFMT == S_IFDIR {
                    find(rest, in: "\(base)\(name)/", &isFound)
                }
            }
        case .directories:
            if !rest.isEmpty { find(rest, in: base, &isFound) }
            for name in names(in: base) where segment.matches(name) {
                guard let status = FileSystem.status(of: base + name, following: false, in: root) else { continue }
                if status.st_mode & S_IFMT == S_IFDIR {
                    find(segments, in: "\(base)\(name)/", &isFound)
                } else if rest.isEmpty, let status = self.status(of: base + name),
                    status.st_mode & S_IFMT == S_IFREG
                {
                    isFound = true
                    found.append(Found(path: base + name, kind: .file(status)))
                }
            }
        }
    }

    private mutating func add(_ path: String, _ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: found.append(Found(path: path, kind: .file(status)))
        case S_IFDIR where isSearch: break
        case S_IFDIR: addDirectory(path.hasSuffix("/") ? path : "\(path)/")
        default: found.append(Found(path: path, kind: .other))
        }
    }

    /// Adds all files below a directory. Links to directories are not followed: they may lead in a circle.
    private mutating func addDirectory(_ base: String) {
        for name in names(in: base == "./" ? "" : base) where name != FileSurveyor.ownDirectory {
            let path = base == "./" ? name : base + name
            guard let own = FileSystem.status(of: path, following: false, in: root) else { continue }
            switch own.st_mode & S_IFMT {
            case S_IFREG: found.append(Found(path: path, kind: .file(own)))
            case S_IFDIR: addDirectory("\(path)/")
            case S_IFLNK:
                if let status = status(of: path), status.st_mode & S_IFMT == S_IFREG {
                    found.append(Found(path: path, kind: .file(status)))
                } else if let text = FileSystem.text(ofLink: path, in: root) {
                    found.append(Found(path: path, kind: .link(text)))
                }
            default: break
            }
        }
    }

    private mutating func names(in base: String) -> [String] {
        do throws(Errno) {
            let directory = try OwnedDescriptor(base.isEmpty ? "." : base, O_RDONLY | O_DIRECTORY, in: root)
            return try FileSystem.entries(of: directory)
        } catch {
            if error != .noSuchFileOrDirectory, error != .notDirectory {
                note(.unreadable(base.isEmpty ? "." : base, reason: "\(error)"))
            }
            return []
        }
    }

    private func status(of path: String) -> stat? { FileSystem.status(of: path, following: true, in: root) }

    private mutating func note(_ problem: FileProblem) {
        self.problem = self.problem ?? problem
    }

    /// What is wrong with a path of which there is no status; asked at once.
    private static func problem(at path: String) -> FileProblem {
        switch Errno.current {
        case .noSuchFileOrDirectory, .notDirectory: .missing(path)
        case let reason: .unreadable(path, reason: "\(reason)")
        }
    }
}
