import FlowmancerCore

/// Finds the values of a job in the merged tree of its files.
struct JobSourceMap: SourceMap {
    let root: SourceNode
    /// The files' names, by the number that marks hold.
    let files: [String]

    func location(of path: ParameterPath) -> SourceLocation? {
        location(walk(path).node.mark)
    }

    func location(of path: ParameterPath, scalar offset: Int) -> SourceLocation? {
        let node = walk(path).node
        guard case .expression(let source) = node.content else { return location(node.mark) }
        return location(source.mark(at: offset))
    }

    func keyLocation(of path: ParameterPath) -> SourceLocation? {
        location(walk(path).key)
    }

    func spelling(of path: ParameterPath) -> ParameterPath {
        walk(path).spelled
    }

    private func location(_ mark: SourceMark) -> SourceLocation? {
        guard files.indices.contains(Int(mark.file)) else { return nil }
        return SourceLocation(file: files[Int(mark.file)], line: Int(mark.line), column: Int(mark.column))
    }

    /// Follows a path as far as it leads.
    private func walk(_ path: ParameterPath) -> (node: SourceNode, key: SourceMark, spelled: ParameterPath) {
        var node = root
        var key = root.mark
        var spelled = path
        steps: for (position, component) in path.components.enumerated() {
            switch (component, node.content) {
            case (.key(let name), .mapping(let mapping)):
                guard let entry = mapping.entries[name] else { break steps }
                node = entry.value
                key = entry.keyMark
                if let spelling = entry.spelling { spelled.components[position] = .key(spelling) }
            case (.index(let index), .sequence(let items)):
                guard items.indices.contains(index) else { break steps }
                node = items[index]
                key = node.mark
            default:
                break steps
            }
        }
        return (node, key, spelled)
    }
}
