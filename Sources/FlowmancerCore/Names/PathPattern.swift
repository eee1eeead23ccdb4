/// A pattern for paths of files: `*` and `?` stand for a part of one name, `**` alone between slashes for any directories.
///
/// As in shells, what begins with a dot is only found by a pattern that has the dot.
package struct PathPattern: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        case name(String)
        case pattern(GlobPattern, matchesHidden: Bool)
        /// Any number of directories, also none.
        case directories

        /// Whether it stands for a name.
        package func matches(_ name: String) -> Bool {
            switch self {
            case .name(let own): own == name
            case .pattern(let pattern, let matchesHidden):
                (matchesHidden || !name.utf8.starts(with: CollectionOfOne(UInt8(ascii: ".")))) && pattern.matches(name)
            case .directories: !name.utf8.starts(with: CollectionOfOne(UInt8(ascii: ".")))
            }
        }
    }

    /// The pattern as it was written.
    package let text: String
    package let isAbsolute: Bool
    package let segments: [Segment]

    /// Reads a pattern; every text is one.
    package init(_ text: String) {
        self.text = text
        isAbsolute = text.isAbsolutePath
        segments = text.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }.map { part in
            let name = String(Substring(part))
            if name == "**" { return .directories }
            guard NamePattern.isPattern(name) else { return .name(name) }
            return .pattern(.wildcards(name), matchesHidden: name.utf8.first == UInt8(ascii: "."))
        }
    }

    /// Whether the pattern is the path of one file or directory.
    package var isPath: Bool {
        segments.allSatisfy { if case .name = $0 { true } else { false } }
    }

    /// The path, if the pattern is one: without what means nothing in it.
    package var path: String {
        let names = segments.map { if case .name(let name) = $0 { name } else { "" } }
        let path = (isAbsolute ? "/" : "") + names.joined(separator: "/")
        return path.isEmpty ? "." : path
    }

    /// Whether it stands for a path, or for a directory that the path is in.
    package func covers(_ path: PathPattern) -> Bool {
        guard path.isPath, path.isAbsolute == isAbsolute else { return false }
        let names = path.segments.map { if case .name(let name) = $0 { name } else { "" } }
        return Self.covers(segments[...], names[...])
    }

    private static func covers(_ segments: ArraySlice<Segment>, _ names: ArraySlice<String>) -> Bool {
        // What is below a directory belongs to it.
        guard let first = segments.first else { return true }
        if first == .directories {
            if covers(segments.dropFirst(), names) { return segments.count > 1 || !names.isEmpty }
            guard let name = names.first, first.matches(name) else { return false }
            return covers(segments, names.dropFirst())
        }
        guard let name = names.first, first.matches(name) else { return false }
        return covers(segments.dropFirst(), names.dropFirst())
    }
}
