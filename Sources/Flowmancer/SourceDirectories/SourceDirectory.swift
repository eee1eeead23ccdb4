import FlowmancerSystem
import Glibc

/// The source files in a directory and all directories below it.
struct SourceDirectory {
    /// The paths of Swift files, relative to the directory, sorted.
    private(set) var swiftFiles: [String] = []
    private(set) var hasPythonFiles = false

    /// Deeper than any sources are; a loop of links ends there, too.
    private static let maximumDepth = 32

    /// - Throws: The system's error if the directory cannot be read.
    init(_ path: String) throws {
        try visit(path, below: "", depth: 0)
        swiftFiles.sort()
    }

    private mutating func visit(_ path: String, below prefix: String, depth: Int) throws {
        let directory = try OwnedDescriptor(path, O_RDONLY | O_DIRECTORY)
        for name in try FileSystem.entries(of: directory) where !name.hasPrefix(".") {
            let child = "\(path)/\(name)"
            guard let status = FileSystem.status(of: child) else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                if depth < Self.maximumDepth { try? visit(child, below: "\(prefix)\(name)/", depth: depth + 1) }
            } else if name.hasSuffix(".swift") {
                swiftFiles.append(prefix + name)
            } else if name.hasSuffix(".py") {
                hasPythonFiles = true
            }
        }
    }
}
