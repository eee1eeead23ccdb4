import FlowmancerJobFile
import OrderedCollections

/// Continues the paths of a job's values, one step at a time.
struct PathCompletion {
    let history: JobHistory
    let vocabulary: JobVocabulary

    /// Returns the paths that a path could become.
    ///
    /// If there is only one, and it leads further, those behind it are returned: a shell puts a space after the only one.
    func paths(startingWith prefix: String) -> [String] {
        let prefix = prefix.first.map { "'\"".contains($0) } == true ? String(prefix.dropFirst()) : prefix
        var level = children(of: parent(of: prefix)).filter { $0.description.hasPrefix(prefix) }
        while level.count == 1 {
            let next = children(of: level[0])
            if next.isEmpty { break }
            level = next
        }
        return level.map(\.description)
    }

    /// The longest path before the last dot or bracket.
    private func parent(of prefix: String) -> ParameterPath {
        guard let end = prefix.lastIndex(where: { $0 == "." || $0 == "[" }) else { return ParameterPath() }
        return ParameterPath(parsing: String(prefix[..<end])) ?? ParameterPath()
    }

    private func children(of path: ParameterPath) -> [ParameterPath] {
        let count = path.components.count
        let set = history.leaves(at: path).filter { $0.components.count > count }.map {
            ParameterPath(Array($0.components[...count]))
        }
        let isRoot = path == ParameterPath()
        let isMapping = history.hasValue(at: path) ? history.hasMapping(at: path) : vocabulary.isPlace(path)
        let possible =
            isRoot || isMapping ? vocabulary.candidates(beside: path.appending("")).map { path.appending($0) } : []
        return OrderedSet(set + possible).elements
    }
}
