import FlowmancerCore

/// What one file holds.
struct ParsedSource {
    /// The file's value; `nil` if its text cannot be understood.
    var root: SourceNode?
    var issues: [JobIssue] = []
    /// The names of the variables that `--var` sets, as far as the text mentions them.
    var mentioned: Set<String> = []
}

/// The languages in which a job file can be written.
enum SourceSyntax: Sendable {
    case yaml, json

    /// How deeply lists and mappings may stand in each other.
    static let maximumDepth = 100

    /// Returns the syntax of a file that is included by a file of this syntax.
    func syntax(ofIncluded name: String) -> SourceSyntax {
        let name = name.lowercased()
        if name.hasSuffix(".json") { return .json }
        return name.hasSuffix(".yaml") || name.hasSuffix(".yml") ? .yaml : self
    }

    /// Reads a file's text.
    ///
    /// - Parameter expander: Expands the variables in keys.
    func parse(_ file: SourceFile, expander: VariableExpander) -> ParsedSource {
        if let issue = file.encodingIssue() { return ParsedSource(issues: [issue]) }
        switch self {
        case .yaml:
            return YAMLComposer.compose(file, expander: expander)
        case .json:
            var parser = JSONParser(file, expander: expander)
            return parser.parse()
        }
    }
}

extension SourceMapping {
    /// Adds a value unless the key has one already.
    ///
    /// - Returns: The place of the key's first use, if there is one.
    mutating func insert(_ value: SourceNode, key: String, at mark: SourceMark) -> SourceMark? {
        guard let first = entries.updateValue(Entry(value: value, keyMark: mark), forKey: key) else { return nil }
        entries[key] = first
        return first.keyMark
    }
}
