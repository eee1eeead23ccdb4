import FoundationEssentials

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
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where !name.hasPrefix(".") {
            let child = "\(path)/\(name)"
            var isDirectory = false
            guard FileManager.default.fileExists(atPath: child, isDirectory: &isDirectory) else { continue }
            if isDirectory {
                if depth < Self.maximumDepth { try? visit(child, below: "\(prefix)\(name)/", depth: depth + 1) }
            } else if name.hasSuffix(".swift") {
                swiftFiles.append(prefix + name)
            } else if name.hasSuffix(".py") {
                hasPythonFiles = true
            }
        }
    }
}
