extension TypeDescription {
    /// The type in a few words: "list of text", "http or https".
    package var words: String {
        switch self {
        case .text: "text"
        case .boolean: "true or false"
        case .integer(let minimum?, let maximum?): "integer from \(minimum) to \(maximum)"
        case .integer(let minimum?, nil): "integer of at least \(minimum)"
        case .integer(nil, let maximum?): "integer of at most \(maximum)"
        case .integer(nil, nil): "integer"
        case .number: "number"
        case .duration: "duration"
        case .date: "date"
        case .url: "URL"
        case .word(let word): word
        case .choice(let values): values.map { $0.scalarText ?? "\($0)" }.joined(separator: " | ")
        case .list(let element, isSet: false): "list of \(element.wordsInside)"
        case .list(let element, isSet: true): "set of \(element.wordsInside)"
        case .mapping(.text, let value): "mapping to \(value.wordsInside)"
        case .mapping(let key, let value): "mapping of \(key.wordsInside) to \(value.wordsInside)"
        case .optional(let wrapped): wrapped.words
        case .either(let types): types.map(\.words).joined(separator: ", or ")
        case .group(let group): TypeName.bare(group.typeName)
        case .enclosingGroup(let name): TypeName.bare(name)
        case .any: "any value"
        case .custom(let name): name
        }
    }

    /// The words within those of another type.
    private var wordsInside: String {
        switch self {
        case .optional(let wrapped): "\(wrapped.words) or nothing"
        case .choice(let values) where values.count > 1: "(\(words))"
        default: words
        }
    }

    /// The group that a value is or holds, with how a path leads to it: `[]` for an item, `.*` for a member.
    package var innerGroup: (steps: String, group: GroupDescription)? {
        switch self {
        case .group(let group): ("", group)
        case .optional(let wrapped): wrapped.innerGroup
        case .list(let element, _): element.innerGroup.map { ("[]\($0.steps)", $0.group) }
        case .mapping(_, let value): value.innerGroup.map { (".*\($0.steps)", $0.group) }
        default: nil
        }
    }
}
