import FlowmancerCore

/// A list or mapping whose end has not been reached yet.
struct OpenCollection {
    enum Content {
        case sequence([SourceNode])
        case mapping(SourceMapping, next: Expected)
    }

    /// What comes next in a mapping.
    enum Expected {
        case key
        case value(key: String, SourceMark)
        /// The mappings that `<<` stands for.
        case merged(SourceMark)
        /// The value of a key that was refused.
        case discarded
    }

    var content: Content
    let mark: SourceMark
    let anchor: String?
    /// Set once `<<` was met.
    var mergeMark: SourceMark?
    /// What `<<` brings in, the strongest first.
    var mergeSources: [SourceMapping] = []
    var size = SourceSize()

    init(_ content: Content, at mark: SourceMark, anchor: String?) {
        self.content = content
        self.mark = mark
        self.anchor = anchor
    }

    /// The step of a path that leads to the value that comes next.
    var nextComponent: ParameterPath.Component? {
        switch content {
        case .sequence(let items): .index(items.count)
        case .mapping(_, next: .value(let key, _)): .key(key)
        case .mapping: nil
        }
    }

    /// The finished value; keys of the mapping itself win over those that `<<` brings in.
    consuming func close() -> SourceNode {
        switch content {
        case .sequence(let items):
            return SourceNode(.sequence(items), at: mark)
        case .mapping(let own, _):
            guard !mergeSources.isEmpty else { return SourceNode(.mapping(own), at: mark) }
            var result = SourceMapping()
            for source in mergeSources {
                for (key, entry) in source.entries where result.entries[key] == nil { result.entries[key] = entry }
            }
            for (key, entry) in own.entries { result.entries[key] = entry }
            return SourceNode(.mapping(result), at: mark)
        }
    }
}

/// How much a value would be if every alias in it were written out.
struct SourceSize {
    /// The number of values.
    var count = 1
    /// The number of lists and mappings that stand in each other.
    var height = 0

    /// Counts a value that stands directly in this one.
    mutating func add(_ child: SourceSize) {
        count += child.count
        height = max(height, child.height + 1)
    }
}
