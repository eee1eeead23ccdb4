extension SourceNode {
    /// Lays another value over this one.
    ///
    /// Mappings merge key by key, at every depth; anything else is replaced.
    mutating func merge(_ other: SourceNode) {
        guard case .mapping(var own) = content, case .mapping(let theirs) = other.content else {
            self = other
            return
        }
        content = .plain("")  // Lets go of the mapping, so that `own` is changed in place.
        own.merge(theirs)
        content = .mapping(own)
        mark = other.mark
    }
}

extension SourceMapping {
    /// Lays another mapping over this one; keys that both have keep their position.
    mutating func merge(_ other: SourceMapping) {
        for (key, theirs) in other.entries {
            if let index = entries.index(forKey: key) {
                entries.values[index].value.merge(theirs.value)
                entries.values[index].keyMark = theirs.keyMark
                entries.values[index].spelling = theirs.spelling
            } else {
                entries[key] = theirs
            }
        }
    }
}
