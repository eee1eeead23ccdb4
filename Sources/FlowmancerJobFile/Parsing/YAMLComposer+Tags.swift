import FlowmancerCore

extension YAMLComposer {
    private static let tagPrefix = "tag:yaml.org,2002:"

    /// Refuses a tag that does not fit a list or mapping.
    mutating func checkTag(_ tag: String?, allowed: String, at mark: SourceMark) {
        guard let tag, tag != "!", tag != Self.tagPrefix + allowed else { return }
        refuseTag(tag, at: mark)
    }

    private mutating func refuseTag(_ tag: String, at mark: SourceMark) {
        let known = "!!str, !!int, !!float, !!bool, !!null, !!seq, !!map"
        let short = tag.hasPrefix(Self.tagPrefix) ? "!!" + tag.dropFirst(Self.tagPrefix.count) : tag
        let problem = JobIssue.Problem.wrongValue(expected: "no tag, or one of: \(known)", found: "the tag \(short)")
        issues.add(problem, at: mark, path: path())
    }

    /// Returns what a scalar stands for.
    mutating func content(of text: String, isPlain: Bool, tag: String?, at mark: SourceMark)
        -> SourceNode.Content
    {
        let isTemplate = isPlain && VariableExpander.hasVariables(text)
        guard let tag else { return isTemplate ? .template(text) : isPlain ? .plain(text) : .text(text) }
        let name = tag.hasPrefix(Self.tagPrefix) ? String(tag.dropFirst(Self.tagPrefix.count)) : tag
        if isTemplate, ["str", "int", "float", "bool", "null", "!"].contains(name) { return .template(text) }
        let value = CoreSchema.resolve(text)
        switch (name, value) {
        case ("str", _), ("!", _): return .text(text)
        case ("int", .int), ("float", .double), ("bool", .bool), ("null", .null): return .value(value)
        case ("float", .int(let number)): return .value(.double(Double(number)))
        case ("int", _), ("float", _), ("bool", _), ("null", _):
            let expected = "a value that fits its tag !!\(name)"
            issues.add(.wrongValue(expected: expected, found: "the text \"\(text)\""), at: mark, path: path())
        default:
            refuseTag(tag, at: mark)
        }
        return .plain(text)
    }
}
