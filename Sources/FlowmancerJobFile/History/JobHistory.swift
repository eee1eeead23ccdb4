package import FlowmancerCore

/// A job with the memory of which file said what.
package struct JobHistory: Sendable {
    package let job: PartialJob
    /// The merged tree of all files; `nil` if none could be read.
    let root: SourceNode?
    /// In the order in which they were merged.
    let layers: [JobLayer]
    let files: [String]
    let expander: VariableExpander

    init(job: PartialJob, root: SourceNode?, layers: [JobLayer], files: [String], expander: VariableExpander) {
        self.job = job
        self.root = root
        self.layers = layers
        self.files = files
        self.expander = expander
    }

    /// Returns whether a file has a value at a path.
    package func hasValue(at path: ParameterPath) -> Bool { node(at: path) != nil }

    /// Returns the keys of the mapping at a path.
    package func keys(at path: ParameterPath) -> [String] {
        guard case .mapping(let mapping)? = node(at: path)?.content else { return [] }
        return Array(mapping.entries.keys)
    }

    /// Returns whether a file has a mapping at a path.
    package func hasMapping(at path: ParameterPath) -> Bool {
        if case .mapping? = node(at: path)?.content { true } else { false }
    }

    /// Returns the paths of the values at or below a path that hold no others, in the order of the job.
    package func leaves(at path: ParameterPath) -> [ParameterPath] {
        var result: [ParameterPath] = []
        func collect(_ node: SourceNode, _ path: ParameterPath) {
            switch node.content {
            case .mapping(let mapping) where !mapping.entries.isEmpty:
                for (key, entry) in mapping.entries { collect(entry.value, path.appending(key)) }
            case .sequence(let items) where !items.isEmpty:
                for (index, item) in items.enumerated() { collect(item, path.appending(index)) }
            default:
                result.append(path)
            }
        }
        if let node = node(at: path) { collect(node, path) }
        return result
    }

    /// Returns every place that sets a value, in the order in which they override each other: the last one holds.
    package func origins(of path: ParameterPath) -> [ValueOrigin] {
        layers.compactMap { layer in
            SourceNode(.mapping(layer.root), at: .init(file: 0, line: 1, column: 1)).value(at: path).map {
                JobSection.isExpression(at: path.components)
                    ? expressionOrigin(of: $0, in: layer) : origin(of: $0, in: layer)
            }
        }
    }

    private func node(at path: ParameterPath) -> SourceNode? { root?.value(at: path) }

    private func origin(of node: SourceNode, in layer: JobLayer) -> ValueOrigin {
        let expander = expander(of: layer)
        var decoder = JobDecoder(expander: expander)
        var uses: [VariableExpander.Use] = []
        if case .template(let text) = node.content {
            var findings: [VariableExpander.Finding] = []
            _ = expander.value(of: text, findings: &findings) { uses.append($0) }
            decoder.takesValuesOfRun = true
        }
        return ValueOrigin(
            location: location(of: node, in: layer),
            chain: layer.chain,
            written: node.scalarText,
            value: decoder.value(of: node),
            variables: uses.map { VariableUse($0) }
        )
    }

    /// The origin of an expression, in which variables are values and not replaced.
    private func expressionOrigin(of node: SourceNode, in layer: JobLayer) -> ValueOrigin {
        let text = node.scalarText
        let references = text.flatMap { try? ExpressionParser.parse($0).references }?.map(\.reference) ?? []
        var named: Set<String> = []
        let expander = expander(of: layer)
        let variables = references.filter { $0.kind.isKnownAtLoad && named.insert($0.label).inserted }
        return ValueOrigin(
            location: location(of: node, in: layer),
            chain: layer.chain,
            written: text,
            value: text.map(ParameterValue.string) ?? .null,
            variables: variables.map { VariableUse($0, expander.lookup($0)) }
        )
    }

    private func expander(of layer: JobLayer) -> VariableExpander {
        var expander = expander
        expander.scope = layer.scope
        return expander
    }

    private func location(of node: SourceNode, in layer: JobLayer) -> SourceLocation {
        let index = Int(node.mark.file)
        return SourceLocation(
            file: files.indices.contains(index) ? files[index] : layer.chain.last ?? "",
            line: Int(node.mark.line),
            column: Int(node.mark.column)
        )
    }
}

/// What one file of a job says, with the spellings of its keys made one.
struct JobLayer: Sendable {
    let root: SourceMapping
    /// The files from the job's own to this one, each of which includes the next.
    let chain: [String]
    /// The variables of the job within the job that it belongs to, if it belongs to one.
    var scope: VariableScope?
}

extension SourceNode {
    /// Returns the value at a path, if there is one.
    func value(at path: ParameterPath) -> SourceNode? {
        var node = self
        for component in path.components {
            switch (component, node.content) {
            case (.key(let key), .mapping(let mapping)):
                guard let entry = mapping.entries[key] else { return nil }
                node = entry.value
            case (.index(let index), .sequence(let items)):
                guard items.indices.contains(index) else { return nil }
                node = items[index]
            default:
                return nil
            }
        }
        return node
    }
}
