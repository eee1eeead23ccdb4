import FlowmancerCore

/// A list or mapping whose end has not been reached yet.
struct OpenCollection {
    enum Kind {
        case sequence, mapping
    }

    /// What comes next.
    enum Expected {
        /// Another item of a list.
        case item
        /// Another key of a mapping.
        case key
        case value(key: String, SourceMark)
        /// The mappings that `<<` stands for.
        case merged(SourceMark)
        /// The value of a key that was refused.
        case discarded
    }

    private let kind: Kind
    var next: Expected
    // Beside each other, not in the kind: what is taken out of an enumeration and put back is copied on the way.
    var items: [SourceNode] = []
    var mapping = SourceMapping()
    let mark: SourceMark
    let anchor: String?
    /// Set once `<<` was met.
    var mergeMark: SourceMark?
    /// What `<<` brings in, the strongest first.
    var mergeSources: [SourceMapping] = []
    var size = SourceSize()

    init(_ kind: Kind, at mark: SourceMark, anchor: String?) {
        self.kind = kind
        next = kind == .sequence ? .item : .key
        self.mark = mark
        self.anchor = anchor
    }

    /// The step of a path that leads to the value that comes next.
    var nextComponent: ParameterPath.Component? {
        switch next {
        case .item: .index(items.count)
        case .value(let key, _): .key(key)
        case .key, .merged, .discarded: nil
        }
    }

    /// The finished value; keys of the mapping itself win over those that `<<` brings in.
    consuming func close() -> SourceNode {
        switch kind {
        case .sequence:
            return SourceNode(.sequence(items), at: mark)
        case .mapping:
            guard !mergeSources.isEmpty else { return SourceNode(.mapping(mapping), at: mark) }
            var result = SourceMapping()
            for source in mergeSources {
                for (key, entry) in source.entries where result.entries[key] == nil { result.entries[key] = entry }
            }
            for (key, entry) in mapping.entries { result.entries[key] = entry }
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
