import FlowmancerCore

/// Finds the values of a job in the merged tree of its files.
struct JobSourceMap: SourceMap {
    let root: SourceNode
    /// The files' names, by the number that marks hold.
    let files: [String]
    /// Where the tasks of jobs within the job stand, by the full names of the tasks that these jobs stand for.
    var mounts: [String: SubJobMount] = [:]

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

    func subJob(of path: ParameterPath) -> String? {
        mounts.isEmpty ? nil : start(of: path)?.owner
    }

    /// The job within the job that a path leads into, and the steps of the path within that.
    private func start(
        of path: ParameterPath
    ) -> (root: SourceNode, prefix: [ParameterPath.Component], owner: String?, rest: [ParameterPath.Component])? {
        let steps = path.components
        guard !mounts.isEmpty, steps.count > 1, steps[0] == .key("tasks"), case .key(let name) = steps[1] else {
            return nil
        }
        // Other sections of the file that a task names.
        if steps.count > 3, steps[2] == .key("job"), let mount = mounts[name] {
            return (mount.root, mount.prefix, mount.owner, Array(steps[3...]))
        }
        if case .mapping(let root) = root.content, case .mapping(let tasks)? = root.entries["tasks"]?.value.content,
            tasks.entries[name] != nil
        {
            return nil
        }
        var end = name.endIndex
        while let slash = name[..<end].lastIndex(of: "/") {
            if let mount = mounts[String(name[..<slash])] {
                let own = String(name[name.index(after: slash)...])
                return (mount.root, mount.prefix, mount.owner, [.key("tasks"), .key(own)] + steps[2...])
            }
            end = slash
        }
        return nil
    }

    /// Follows a path as far as it leads.
    private func walk(_ path: ParameterPath) -> (node: SourceNode, key: SourceMark, spelled: ParameterPath) {
        let start = start(of: path)
        let steps = start?.rest ?? path.components
        var node = start?.root ?? root
        var key = node.mark
        var spelled = start?.prefix ?? []
        for (position, component) in steps.enumerated() {
            switch (component, node.content) {
            case (.key(let name), .mapping(let mapping)):
                guard let entry = mapping.entries[name] else { break }
                node = entry.value
                key = entry.keyMark
                // A key that no file has, since its value stands for the whole, is not shown.
                if entry.spelling != SourceMapping.unwritten { spelled.append(.key(entry.spelling ?? name)) }
                continue
            case (.index(let index), .sequence(let items)):
                guard items.indices.contains(index) else { break }
                node = items[index]
                key = node.mark
                spelled.append(component)
                continue
            default:
                break
            }
            return (node, key, ParameterPath(spelled + steps[position...]))
        }
        return (node, key, ParameterPath(spelled))
    }
}
