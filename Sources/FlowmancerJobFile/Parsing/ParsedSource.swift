import FlowmancerCore

/// What one file holds.
struct ParsedSource {
    /// The file's value; `nil` if its text cannot be understood.
    var root: SourceNode?
    var issues: [JobIssue] = []
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

/// Collects what is wrong in the text of a file, with the places.
struct SourceIssues {
    let file: SourceFile
    let expander: VariableExpander
    private(set) var list: [JobIssue] = []

    init(file: SourceFile, expander: VariableExpander) {
        self.file = file
        self.expander = expander
    }

    mutating func add(
        _ problem: JobIssue.Problem,
        at mark: SourceMark,
        path: ParameterPath = ParameterPath(),
        severity: JobIssue.Severity = .error
    ) {
        list.append(JobIssue(problem, at: path, location: file.location(of: mark), severity: severity))
    }

    /// Expands the variables in a key.
    mutating func expandKey(_ key: String, at mark: SourceMark) -> String {
        guard VariableExpander.hasVariables(key) else { return key }
        var findings: [VariableExpander.Finding] = []
        let result = expander.expand(key, findings: &findings)
        for finding in findings { add(finding.problem, at: mark, severity: finding.severity) }
        return result
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
