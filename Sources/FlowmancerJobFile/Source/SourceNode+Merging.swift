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
    /// Removes the tasks that are null in a later file, from both.
    mutating func removeTasks(leftOutBy later: inout SourceMapping) {
        guard case .mapping(var own)? = entries["tasks"]?.value.content,
            case .mapping(var theirs)? = later.entries["tasks"]?.value.content
        else { return }
        let removed = theirs.entries.keys.filter { theirs.entries[$0]?.value.isNull == true && own.entries[$0] != nil }
        guard !removed.isEmpty else { return }
        for name in removed {
            own.entries[name] = nil
            theirs.entries[name] = nil
        }
        entries["tasks"]?.value.content = .mapping(own)
        later.entries["tasks"]?.value.content = .mapping(theirs)
    }

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
