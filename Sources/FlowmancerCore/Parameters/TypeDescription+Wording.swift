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
        case .worded(let inner, _): inner.words
        case .custom(let name): name
        }
    }

    /// What a job file has to hold, as errors say it: "an integer", "one of: http, https".
    package var expectation: String {
        switch self {
        case .text: "text"
        case .boolean: "true or false"
        case .integer(let minimum?, let maximum?): "an integer from \(minimum) to \(maximum)"
        case .integer(let minimum?, nil): "an integer of at least \(minimum)"
        case .integer(nil, let maximum?): "an integer of at most \(maximum)"
        case .integer(nil, nil): "an integer"
        case .number: "a number"
        case .duration: "a duration of at most 30 years: seconds, or text such as 90s, 1h30m, 250ms"
        case .date: "a date such as 2024-12-31, 2024-12-31T23:59:59Z, or seconds since 1970"
        case .url: "a URL"
        case .word(let word): word
        case .choice: "one of: \(candidates.joined(separator: ", "))"
        case .list(let element, _): "a list (each item: \(element.expectation))"
        case .mapping(_, let value): "a mapping (each value: \(value.expectation))"
        case .optional(let wrapped): "\(wrapped.expectation), or nothing"
        case .either(let types):
            candidates.isEmpty
                ? types.map(\.expectation).joined(separator: ", or ") : "one of: \(candidates.joined(separator: ", "))"
        case .group(let group): "a mapping (\(TypeName.bare(group.typeName)))"
        case .enclosingGroup(let name): "a mapping (\(TypeName.bare(name)))"
        case .any: "any value"
        case .worded(_, let expectation): expectation
        case .custom(let name): "a value of type \(name)"
        }
    }

    /// The words within those of another type.
    private var wordsInside: String {
        switch self {
        case .worded(let inner, _): inner.wordsInside
        case .optional(let wrapped): "\(wrapped.words) or nothing"
        case .choice(let values) where values.count > 1: "(\(words))"
        default: words
        }
    }

    /// The group that a value is or holds, with how a path leads to it: `[]` for an item, `.*` for a member.
    package var innerGroup: (steps: String, group: GroupDescription)? {
        switch self {
        case .group(let group): ("", group)
        case .optional(let wrapped), .worded(let wrapped, _): wrapped.innerGroup
        case .list(let element, _): element.innerGroup.map { ("[]\($0.steps)", $0.group) }
        case .mapping(_, let value): value.innerGroup.map { (".*\($0.steps)", $0.group) }
        default: nil
        }
    }
}
